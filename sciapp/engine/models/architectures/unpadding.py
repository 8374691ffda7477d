"""Encoders that compute real tokens only: padding is taken out before the first layer and put back after the last.

In attention rows stay apart, each padded to the longest of its batch; everything else in a layer works token by token,
and is most of the work (Zhai et al. 2023, ByteTransformer, arXiv:2210.03052). Where the head reads only the first token
of a row, the last layer computes no other one beyond its attention. Results are those of the padded network, but for
the order in which sums are taken.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from sciapp.engine.inputs.registry import KIND_KEY, TOKENS

_NAME = "sciapp_packed"
_LAYERS = ("encoder.layer", "layers")  # where BERT and its kin, and ModernBERT, keep them
_LENGTHS = (3, 9, 6)  # tokens of the rows that it is tried on
_RELATIVE, _ABSOLUTE = 1e-3, 1e-4  # differences of logits that sums in another order make


class _Gather(torch.autograd.Function):
    """Some rows of a tensor, each once. On the way back they are put in place, where torch, which cannot know that no
    row is taken twice, adds one by one."""

    @staticmethod
    def forward(context: Any, states: Tensor, positions: Tensor) -> Tensor:
        context.save_for_backward(positions)
        context.rows = len(states)
        return states.index_select(0, positions)

    @staticmethod
    def backward(context: Any, *slopes: Tensor) -> tuple[Tensor, None]:
        (positions,) = context.saved_tensors
        return _spread(slopes[0], positions, context.rows), None


class _Scatter(torch.autograd.Function):
    """The reverse: rows put in their places among zeros."""

    @staticmethod
    def forward(context: Any, states: Tensor, positions: Tensor, rows: int) -> Tensor:
        context.save_for_backward(positions)
        return _spread(states, positions, rows)

    @staticmethod
    def backward(context: Any, *slopes: Tensor) -> tuple[Tensor, None, None]:
        (positions,) = context.saved_tensors
        return slopes[0].index_select(0, positions), None, None


def _spread(states: Tensor, positions: Tensor, rows: int) -> Tensor:
    return states.new_zeros(rows, *states.shape[1:]).index_copy_(0, positions, states)


@dataclass
class TokenLayout:
    """The positions of the tokens of a batch. positions: of the real ones (tokens,) among all (rows · length).

    first_only: after the last layer nothing but the first token of each row is asked for.
    """

    rows: int
    length: int
    positions: Tensor
    first_only: bool
    _angles: dict[int, tuple[Tensor, Tensor]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, mask: Tensor, *, first_only: bool) -> "TokenLayout":
        """mask (rows, length): 1 for real tokens."""
        rows, length = mask.shape
        return cls(rows, length, torch.nonzero(mask.reshape(-1)).squeeze(1), first_only)

    def packed(self, states: Tensor) -> Tensor:
        """(1, tokens, …) of (rows, length, …)."""
        gathered: Tensor = _Gather.apply(states.flatten(0, 1), self.positions)  # type: ignore[no-untyped-call]
        return gathered.unsqueeze(0)

    def padded(self, states: Tensor) -> Tensor:
        """(rows, length, …) of (1, tokens, …), zeros for padding."""
        spread: Tensor = _Scatter.apply(states[0], self.positions, self.rows * self.length)  # type: ignore[no-untyped-call]
        return spread.view(self.rows, self.length, *spread.shape[1:])

    def firsts(self, states: Tensor) -> Tensor:
        """The first token of each row (1, rows, …) of (1, tokens, …)."""
        begins = torch.arange(0, self.rows * self.length, self.length, device=self.positions.device)
        return states.index_select(1, torch.searchsorted(self.positions, begins))

    def rotation(self, angles: Tensor) -> Tensor:
        """Cosines or sines (1, tokens, width) of those of all positions (1 or rows, length, width)."""
        cached = self._angles.get(id(angles))
        if cached is None:
            # The same for every layer; kept with its source, whose number would be taken again otherwise.
            cached = angles, self.packed(angles.expand(self.rows, *angles.shape[1:]))
            self._angles[id(angles)] = cached
        return cached[1]


class Unpadding:
    """Hooks on a classifier and its encoder. The layout of a call travels among its keyword arguments, so that a layer
    that is computed again on the way back (gradient checkpointing) finds its own."""

    def __init__(self, model: Any, layers: nn.ModuleList, *, first_only: bool) -> None:
        self._first_token_only = False
        self._narrowing: TokenLayout | None = None
        last: Any = layers[-1]
        attention: Any = last.attention if first_only else None  # before anything is hooked: it may not be there
        narrowed = attention.output if first_only else None
        self._handles = [
            model.base_model.register_forward_pre_hook(self._lay_out, with_kwargs=True),
            layers[0].register_forward_pre_hook(self._take_out, with_kwargs=True),
            *(layer.register_forward_pre_hook(self._turn, with_kwargs=True) for layer in layers),
            last.register_forward_hook(self._put_back, with_kwargs=True),
        ]
        if narrowed is not None:
            self._handles.append(model.register_forward_pre_hook(self._ask_for_first))
            self._handles.append(attention.register_forward_pre_hook(self._note, with_kwargs=True))
            self._handles.append(narrowed.register_forward_pre_hook(self._narrow))

    def remove(self) -> None:
        for handle in self._handles:
            handle.remove()

    def _ask_for_first(self, model: Any, args: Any) -> None:
        """The classifier is called as a whole: its head will read first tokens, which whoever asks the encoder may
        not."""
        self._first_token_only = True

    def _lay_out(self, encoder: Any, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        first_only, self._first_token_only = self._first_token_only, False
        mask = kwargs.get("attention_mask")
        layout = None if mask is None or mask.ndim != 2 else TokenLayout.of(mask, first_only=first_only)
        return args, {**kwargs, "layout": layout}

    def _take_out(self, layer: Any, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]] | None:
        layout = kwargs.get("layout")
        return None if layout is None else ((layout.packed(args[0]), *args[1:]), kwargs)

    def _turn(self, layer: Any, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]] | None:
        layout, angles = kwargs.get("layout"), kwargs.get("position_embeddings")
        if layout is None or angles is None:
            return None
        return args, {**kwargs, "position_embeddings": tuple(layout.rotation(part) for part in angles)}

    def _note(self, attention: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Its output layer, which is narrowed, is told no layout."""
        self._narrowing = kwargs.get("layout")

    def _narrow(self, output: Any, args: Any) -> Any:
        """From here on the last layer works token by token: others than the first would be computed for nothing."""
        layout = self._narrowing
        return tuple(layout.firsts(states) for states in args) if layout is not None and layout.first_only else None

    def _put_back(self, layer: Any, args: Any, kwargs: dict[str, Any], states: Tensor) -> Tensor:
        layout = kwargs.get("layout")
        if layout is None:
            return states
        return states.transpose(0, 1) if layout.first_only else layout.padded(states)


def pack(model: Any) -> bool:
    """Let a transformers classifier compute real tokens only; returns whether it does now.

    Found out by asking: unless its logits stay the same, the model is left as it was. What is saved is not affected.
    """
    layers = _layers_of(model.base_model)
    if getattr(model.config, KIND_KEY, TOKENS) != TOKENS:
        return False  # what it reads is no token, so it cannot be tried on a few
    if layers is None or model.config._attn_implementation != "sdpa":
        return False
    example = _example(model)
    was_training = model.training
    expected = _logits(model.eval(), example)
    AttentionInterface.register(_NAME, _attend)
    AttentionMaskInterface.register(_NAME, sdpa_mask)
    model.config._attn_implementation = _NAME
    done = any(_is_right(model, layers, example, expected, first_only=first_only) for first_only in (True, False))
    if not done:
        model.config._attn_implementation = "sdpa"
    model.train(was_training)
    return done


def _is_right(
    model: Any, layers: nn.ModuleList, example: dict[str, Tensor], wanted: Tensor, *, first_only: bool
) -> bool:
    """Hook the model; the hooks stay if its logits are those that are wanted, of padding aside."""
    try:
        packing = Unpadding(model, layers, first_only=first_only)
    except AttributeError:
        return False  # its last layer has other parts
    try:
        logits = _logits(model, example)
        real = example["attention_mask"].bool() if logits.ndim == 3 else slice(None)
        if torch.allclose(logits[real], wanted[real], rtol=_RELATIVE, atol=_ABSOLUTE):
            return True
    except (RuntimeError, TypeError, ValueError, IndexError):
        pass  # an architecture with other ways inside
    packing.remove()
    return False


def _example(model: Any) -> dict[str, Tensor]:
    """A batch of rows of different lengths."""
    device = next(model.parameters()).device
    mask = (torch.arange(max(_LENGTHS)) < torch.tensor(_LENGTHS)[:, None]).long()
    pad = int(model.config.pad_token_id or 0)
    words = torch.arange(mask.numel()).reshape(mask.shape) % (int(model.config.vocab_size) - 1)
    words += words >= pad
    return {"input_ids": torch.where(mask == 1, words, pad).to(device), "attention_mask": mask.to(device)}


def _layers_of(encoder: Any) -> nn.ModuleList | None:
    for name in _LAYERS:
        try:
            module = encoder.get_submodule(name)
        except AttributeError:
            continue
        if isinstance(module, nn.ModuleList) and len(module):
            return module
    return None


def _logits(model: Any, example: dict[str, Tensor]) -> Tensor:
    with torch.no_grad():
        logits: Tensor = model(**example).logits
    return logits


def _attend(
    module: Any, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **kwargs: Any
) -> tuple[Tensor, None]:
    """Attention within each row. query, key, value (1, heads, tokens, width); returns (1, tokens, heads, width)."""
    layout = kwargs.pop("layout", None)
    if layout is None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **kwargs)  # type: ignore[no-any-return]
    apart = (layout.padded(part.transpose(1, 2)).transpose(1, 2) for part in (query, key, value))
    states, _ = sdpa_attention_forward(module, *apart, attention_mask, **kwargs)
    return layout.packed(states), None

"""One translation model (MarianMT; Junczys-Dowmunt et al. 2018, arXiv:1804.00344) that translates sentence by sentence.

Its tokenizer reads SentencePiece files and needs the package `sentencepiece`; `sacremoses`, which transformers
recommends, is never called when texts are tokenised.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from transformers import MarianMTModel, StoppingCriteria, StoppingCriteriaList

from sciapp.engine.models.load import FROM_FOLDER, check_encoder, load_tokenizer, loading
from sciapp.errors import BadInput, SciAppError
from sciapp.i18n import all_of, msg
from sciapp.records.regular import json_in

_TOKENS_AT_ONCE = 4096  # source tokens of a batch, padding and copies included
_LONGER, _SPARE = 2, 16  # a translation ends at the latest at twice the tokens of its source, and some more

Check = Callable[[], None]


@dataclass(frozen=True)
class Translator:
    """A model on its device, ready to translate. longest: tokens of a sentence, its end included."""

    model: Any
    tokenizer: Any
    longest: int

    @classmethod
    def open(cls, folder: Path, name: str, device: torch.device) -> "Translator":
        """The model in `folder`, which people know as `name`. Raises BadInput for what does not translate."""
        _check_marian(folder, name)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
            tokenizer: Any = load_tokenizer(folder)
        if tokenizer.supported_language_codes:
            raise BadInput(
                msg("“{name}” translates into several languages, and it cannot be told here which.", name=name),
                hint=msg("Choose a model for one pair of languages, such as Helsinki-NLP/opus-mt-en-de."),
            )
        with loading(
            msg("The translation model cannot be loaded."), msg("Its files may be damaged; copy it again."), folder
        ):
            model, loading_info = MarianMTModel.from_pretrained(
                folder,
                **FROM_FOLDER,
                output_loading_info=True,
            )
        check_encoder(model, loading_info, folder)
        longest = min(int(model.config.max_position_embeddings), int(tokenizer.model_max_length))
        return cls(model.to(device).eval(), tokenizer, longest)

    def translate(
        self, sentences: Sequence[str], *, copies: int, temperature: float, seed: int, check: Check
    ) -> list[list[str | None]]:
        """`copies` translations of each sentence; None for one that is longer than the model reads, and for one that
        the model finds no end to: then it repeats itself.

        temperature: of the draws; 0: the likeliest words, and all copies alike. `check` is called at every word and
        may raise to give up. The same sentences, seed and machine give the same translations.
        """
        tokens: list[list[int]] = self.tokenizer(list(sentences), verbose=False)["input_ids"] if sentences else []
        translations: list[list[str | None]] = [[None] * copies for _ in sentences]
        readable = [index for index, one in enumerate(tokens) if len(one) <= self.longest]
        readable.sort(key=lambda index: (len(tokens[index]), index))
        torch.manual_seed(seed)
        for batch in self._batches(readable, tokens, copies):
            texts = self._generated([tokens[index] for index in batch], copies, temperature, check)
            for number, index in enumerate(batch):
                translations[index] = list(texts[number * copies : (number + 1) * copies])
        return translations

    def _batches(self, rows: list[int], tokens: list[list[int]], copies: int) -> list[list[int]]:
        """Sentences of about one length together."""
        batches: list[list[int]] = []
        for index in rows:
            if batches and (len(batches[-1]) + 1) * copies * len(tokens[index]) <= _TOKENS_AT_ONCE:
                batches[-1].append(index)
            else:
                batches.append([index])
        return batches

    def _generated(self, rows: list[list[int]], copies: int, temperature: float, check: Check) -> list[str | None]:
        longest = max(map(len, rows))
        ids = torch.full((len(rows), longest), int(self.tokenizer.pad_token_id))
        mask = torch.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = torch.tensor(row)
            mask[index, : len(row)] = 1
        drawn: dict[str, Any] = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
        how: dict[str, Any] = drawn if temperature else {"do_sample": False}
        most = [min(self.longest - 1, _LONGER * len(row) + _SPARE) for row in rows]
        with torch.no_grad():
            generated = self.model.generate(
                input_ids=ids.to(self.model.device),
                attention_mask=mask.to(self.model.device),
                num_beams=1,
                num_return_sequences=copies if temperature else 1,
                max_length=None,
                max_new_tokens=max(most),
                stopping_criteria=StoppingCriteriaList([_CancelCheck(check)]),
                **how,
            )
        texts = self.tokenizer.batch_decode(
            generated.cpu(), skip_special_tokens=True, use_source_tokenizer=False, clean_up_tokenization_spaces=False
        )
        # Some models are made to write an end at the very last place: no end of their own either.
        lengths = (generated[:, 1:] != self.tokenizer.pad_token_id).sum(1).tolist()
        each = copies if temperature else 1
        ended = [
            text if length < most[n // each] else None
            for n, (text, length) in enumerate(zip(texts, lengths, strict=True))
        ]
        return ended if temperature else [text for text in ended for _ in range(copies)]


class _CancelCheck(StoppingCriteria):  # type: ignore[misc]
    """Lets work be given up between two words."""

    def __init__(self, check: Check) -> None:
        self._check = check

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        self._check()
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)


def _check_marian(folder: Path, name: str) -> None:
    """`local_folder` has looked at the rest of the folder."""
    if find_spec("sentencepiece") is None:
        raise SciAppError(
            msg("Translation models need the package sentencepiece, which this SciApp lacks."),
            hint=msg("Install SciApp again, or: pip install sentencepiece"),
        )
    kind = json_in(folder / "config.json")["model_type"]
    hint = msg("Choose a model such as Helsinki-NLP/opus-mt-en-de.")
    if kind != "marian":
        raise BadInput(
            msg("“{name}” is no MarianMT translation model but a “{kind}”.", name=name, kind=kind),
            hint=hint,
            context=str(folder),
        )
    missing = [file for file in ("source.spm", "target.spm", "vocab.json") if not (folder / file).is_file()]
    if missing:
        raise BadInput(
            msg("The translation model “{name}” lacks {missing}.", name=name, missing=all_of(missing)),
            hint=msg("Copy or download the folder again."),
            context=str(folder),
        )

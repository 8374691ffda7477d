"""What a starter learns: hidden tokens, and what the first token says of the whole row."""

import torch
from transformers import PreTrainedTokenizerFast

MASKED_SHARE = 0.15


def masked(
    ids: torch.Tensor, tokenizer: PreTrainedTokenizerFast, rng: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs and labels (rows, length): 15 % chosen; of these 80 % masked, 10 % replaced, 10 % left (Devlin 2019)."""
    special = torch.tensor(tokenizer.all_special_ids, device=ids.device)
    chosen = (torch.rand(ids.shape, generator=rng, device=ids.device) < MASKED_SHARE) & ~torch.isin(ids, special)
    labels = torch.where(chosen, ids, -100)
    fate = torch.rand(ids.shape, generator=rng, device=ids.device)
    inputs = torch.where(chosen & (fate < 0.8), int(tokenizer.mask_token_id), ids)
    random = torch.randint(len(special), len(tokenizer), ids.shape, generator=rng, device=ids.device)
    return torch.where(chosen & (fate >= 0.9), random, inputs), labels


class Bag:
    """The first token predicts which n-grams of tokens the row is made of, as a distribution."""

    def __init__(self, n: int, tokenizer: PreTrainedTokenizerFast) -> None:
        self.n, self.vocabulary = n, len(tokenizer)
        self.special = tokenizer.all_special_ids
        self.outputs = self.vocabulary**n

    def loss(self, predicted: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """Cross-entropy (nats) between the predicted and the true shares of n-grams; ids (rows, length)."""
        plain = ~torch.isin(ids, torch.tensor(self.special, device=ids.device))
        last = ids.shape[1] - self.n + 1
        code = torch.zeros_like(ids[:, :last])
        valid = torch.ones_like(plain[:, :last])
        for i in range(self.n):
            code = code * self.vocabulary + ids[:, i : i + last]
            valid &= plain[:, i : i + last]
        logs = torch.log_softmax(predicted.float(), dim=1)
        picked = logs.gather(1, code) * valid
        return -(picked.sum(1) / valid.sum(1).clamp(min=1)).mean()

"""Result of a self-supervised run on held-out rows, written as `pretraining.json`. Written as `pretraining.json`."""

from pydantic import ConfigDict, Field

from sciapp.i18n import msg
from sciapp.records.plan.plan import Frozen
from sciapp.records.run.evaluation import Scores
from sciapp.records.run.score_format import with_interval


class Pretraining(Frozen):
    """Masked loss (in nats a token) and accuracy before and after, with 95 % bootstrap intervals over rows."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="null")
    schema_version: int = 1
    rows: int = Field(description="distinct rows learnt from")
    held_out: int = Field(description="rows judged by")
    described: int = Field(0, description="rows whose descriptors were learnt as well")
    tokens: int = Field(description="tokens seen, over all epochs")
    steps: int
    before: Scores
    after: Scores

    def __str__(self) -> str:
        if self.described:
            return msg(
                "Learnt from {rows:,} rows, {described:,} of them with their descriptors: {tokens:,} tokens in "
                "{steps:,} steps.",
                rows=self.rows,
                described=self.described,
                tokens=self.tokens,
                steps=self.steps,
            )
        return msg(
            "Learnt from {rows:,} rows: {tokens:,} tokens in {steps:,} steps.",
            rows=self.rows,
            tokens=self.tokens,
            steps=self.steps,
        )

    @property
    def verdict(self) -> str:
        """In one sentence, what was gained."""
        losses = [with_interval(side.get("masked_loss")) for side in (self.before, self.after)]
        loss = f"Masked loss on {self.held_out:,} held-out rows: {losses[0]} before, {losses[1]} after; "
        if self.after.get("masked_accuracy") is None:
            explained = [with_interval(side.get("masked_r2")) for side in (self.before, self.after)]
            return f"{loss}share of the hidden values’ variance explained: {explained[0]} before, {explained[1]} after."
        right = [with_interval(side.get("masked_accuracy")) for side in (self.before, self.after)]
        return msg(
            "Masked loss on {rows:,} held-out rows: {loss} before, {later_loss} after; share of hidden tokens guessed "
            "right: {share} before, {later_share} after.",
            rows=self.held_out,
            loss=losses[0],
            later_loss=losses[1],
            share=right[0],
            later_share=right[1],
        )

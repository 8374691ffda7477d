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
        loss, later_loss = (with_interval(side.get("masked_loss")) for side in (self.before, self.after))
        if self.after.get("masked_accuracy") is None:
            share, later_share = (with_interval(side.get("masked_r2")) for side in (self.before, self.after))
            return msg(
                "Masked loss on {rows:,} held-out rows: {loss} before, {later_loss} after; share of the hidden values’ "
                "variance explained: {share} before, {later_share} after.",
                rows=self.held_out,
                loss=loss,
                later_loss=later_loss,
                share=share,
                later_share=later_share,
            )
        share, later_share = (with_interval(side.get("masked_accuracy")) for side in (self.before, self.after))
        return msg(
            "Masked loss on {rows:,} held-out rows: {loss} before, {later_loss} after; share of hidden tokens guessed "
            "right: {share} before, {later_share} after.",
            rows=self.held_out,
            loss=loss,
            later_loss=later_loss,
            share=share,
            later_share=later_share,
        )

"""Methods text about optimisation, loss and weights."""

from typing import assert_never

from sciapp.engine.data.targets.registry import target_kind
from sciapp.i18n import msg, term
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import Averaging, Optimization, TrainPlan, Tuning

_OPTIMIZERS = {
    "adamw": "AdamW",
    "adamw_8bit": msg("AdamW with 8-bit moments (Dettmers et al. 2022)"),
    "sgd": "SGD",
    "adafactor": msg("Adafactor (Shazeer & Stern 2018)"),
    "lion": msg("Lion (Chen et al. 2023)"),
}


def optimizer_words(how: Optimization) -> str:
    """The optimiser with its rate and schedule."""
    return msg(
        "{optimizer} (learning rate {learning_rate:g}, {schedule}, weight decay {weight_decay:g})",
        optimizer=_OPTIMIZERS[how.optimizer],
        learning_rate=how.learning_rate,
        schedule=_schedule(how),
        weight_decay=how.weight_decay,
    )


def loss_words(training: TrainPlan, card: DatasetCard) -> str:
    how = training.optimization
    loss = target_kind(card.task).words.loss(how)
    if how.label_smoothing_factor:
        loss = msg(
            "{loss} with {share:.0%} of each label spread over all classes",
            loss=loss,
            share=how.label_smoothing_factor,
        )
    if how.class_weights == "balanced":
        loss = msg("{loss}, every class weighted by the inverse of its share of the training rows", loss=loss)
    return target_kind(card.task).words.loss_of_targets(loss)


def trained_words(tuning: Tuning, *, model: str, head: str, untrained: bool = False) -> str:
    """The trained parts, as the beginning of a sentence that goes on with “on” the loss.

    model: of the encoder. head: with its article. untrained: the encoder began with random weights.
    """
    if not tuning.leaves_encoder:
        if untrained:
            return msg(
                "A transformer encoder that began with random weights, {model}, and {head} were trained together",
                model=model,
                head=head,
            )
        return msg(
            "The pre-trained transformer encoder {model} and {head} were fine-tuned together", model=model, head=head
        )
    if tuning.tuning_method == "head":
        return msg(
            "To the pre-trained transformer encoder {model}, {head} was added and trained", model=model, head=head
        )
    return msg(
        "To the pre-trained transformer encoder {model}, {added} and {head} were added and trained",
        model=model,
        added=_ADDED[tuning.tuning_method],
        head=head,
    )


_ADDED = {
    "lora": msg("low-rank adapters"),
    "ia3": msg("factors that scale activations"),
    "prefix": msg("prefixes"),
    "prompt": msg("virtual tokens"),
}


ENCODER_UNCHANGED = msg("The encoder’s own weights stayed as they were.")


def tuning_words(tuning: Tuning) -> list[str]:
    """Sentences about what was trained; none where it was all of the network alike."""
    method = [*_method(tuning)]
    if tuning.leaves_encoder:
        method.append(ENCODER_UNCHANGED)
    if tuning.layerwise_lr_decay < 1:
        method.append(
            msg(
                "Each layer learnt at {layerwise_lr_decay:g} times the rate of the layer above it (Clark et al. 2020).",
                layerwise_lr_decay=tuning.layerwise_lr_decay,
            )
        )
    return method


def _method(tuning: Tuning) -> list[str]:
    match tuning.tuning_method:
        case "full":
            return []
        case "head":
            return [msg("Only the head was trained.")]
        case "gradual":
            return [
                msg(
                    "Layers were unfrozen one after the other from the head down, one every {unfreeze_epochs:g} "
                    "epochs (gradual unfreezing; Howard & Ruder 2018).",
                    unfreeze_epochs=tuning.unfreeze_epochs,
                )
            ]
        case "lora":
            return _lora(tuning)
        case "ia3":
            return [
                msg(
                    "Learned factors scaled the keys, the values and what the second layers of the feed-forward "
                    "blocks read (IA³; Liu et al. 2022)."
                )
            ]
        case "prefix":
            return [
                msg(
                    "In every layer {num_virtual_tokens:,} learned keys and values stood before those of each "
                    "row (prefix tuning; Li & Liang 2021).",
                    num_virtual_tokens=tuning.num_virtual_tokens,
                )
            ]
        case "prompt":
            return [
                msg(
                    "Each row began with {num_virtual_tokens:,} virtual tokens whose embeddings were learned "
                    "(prompt tuning; Lester et al. 2021).",
                    num_virtual_tokens=tuning.num_virtual_tokens,
                )
            ]
        case unknown:
            assert_never(unknown)


def _lora(tuning: Tuning) -> list[str]:
    where = {"all_linear": msg("all linear layers"), "attention": msg("the linear layers of attention")}[
        tuning.lora_target
    ]
    sentences: list[str] = [
        msg(
            "Low-rank adapters of rank {lora_r} (LoRA; Hu et al. 2021; alpha {lora_alpha}, dropout "
            "{lora_dropout:g}) were learned beside {where} of the encoder and merged into them afterwards.",
            lora_r=tuning.lora_r,
            lora_alpha=tuning.lora_alpha,
            lora_dropout=tuning.lora_dropout,
            where=where,
        )
    ]
    if tuning.use_rslora:
        sentences.append(
            msg("They were scaled by alpha over the square root of the rank (rsLoRA; Kalajdzievski 2023).")
        )
    if tuning.use_dora:
        sentences.append(msg("Direction and length of the weights were learned apart (DoRA; Liu et al. 2024)."))
    if tuning.base_weights != "full":
        held = {
            "int8": msg("8-bit integers (LLM.int8(); Dettmers et al. 2022)"),
            "nf4": msg("4-bit numbers (nf4, QLoRA; Dettmers et al. 2023)"),
        }
        sentences.append(
            msg("While they were learned, the encoder’s weights were held in {held}.", held=held[tuning.base_weights])
        )
    return sentences


def averaging_words(averaging: Averaging) -> list[str]:
    """A sentence about averaged weights; none where they were not."""
    judged: str = msg("as soon as there was an average, it was the averaged model that was judged on validation")
    words: dict[str, list[str]] = {
        "none": [],
        "ema": [
            msg(
                "Weights were averaged exponentially over the steps (decay at most {ema_decay:g}); {judged}.",
                ema_decay=averaging.ema_decay,
                judged=judged,
            )
        ],
        "swa": [
            msg(
                "From {swa_start:.0%} of the steps on weights were averaged (SWA; Izmailov et al. 2018); {judged}.",
                swa_start=averaging.swa_start,
                judged=judged,
            )
        ],
    }
    return words[averaging.weight_averaging]


def _schedule(how: Optimization) -> str:
    after = msg("after a warm-up over {warmup_ratio:.0%} of the steps", warmup_ratio=how.warmup_ratio)
    match how.lr_scheduler_type:
        case "one_cycle":
            return msg("in one cycle (Smith & Topin 2019)")
        case "constant_with_warmup":
            return msg("constant {after}", after=after)
        case "reduce_lr_on_plateau":
            return msg(
                "multiplied by {plateau_factor:g} after {plateau_patience} validations without a better score, {after}",
                plateau_factor=how.plateau_factor,
                plateau_patience=how.plateau_patience,
                after=after,
            )
        case falling:
            return msg("{schedule} decay {after}", schedule=term(falling), after=after)

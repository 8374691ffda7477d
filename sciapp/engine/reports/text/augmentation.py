"""Methods text about augmentation and regularization."""

from sciapp.engine.augmentation.rewriter import known_augmentations
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.hub.catalog import usual_model
from sciapp.engine.reports.names import model_name
from sciapp.i18n import joined, msg, plural
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.augmentation import BACK_TRANSLATION, MASKED_SUBSTITUTION, Augmentations, Regularization
from sciapp.records.plan.plan import TrainPlan


def augmentation_sentences(training: TrainPlan, card: DatasetCard) -> list[str]:
    """The augmentations of training rows and of predictions, with their sources."""
    augmentation = training.augmentation
    sentences: list[str] = []
    if augmentation.augmentations:
        known = known_augmentations(domain_of(card))
        # A plan of a later version may name what is not known here.
        named = (
            msg("{title:l} ({source})", title=known[n].title, source=known[n].source) if n in known else n
            for n in augmentation.augmentations
        )
        sentences.append(
            msg(
                "In each pass {augmented_share:.0%} of the training rows were written anew, each by one of: "
                "{named}; strength {augmentation_strength:g} of 1.",
                augmented_share=augmentation.augmented_share,
                named=joined(named, "; "),
                augmentation_strength=augmentation.augmentation_strength,
            )
        )
        sentences += _generated(augmentation, card)
    if augmentation.token_masking:
        sentences.append(
            msg(
                "{token_masking:.0%} of the tokens of training rows were replaced by the mask token.",
                token_masking=augmentation.token_masking,
            )
        )
    if augmentation.test_time:
        sentences.append(
            msg(
                "Predictions were averaged over each row and up to {test_time} other spellings of it.",
                test_time=augmentation.test_time,
            )
        )
    return sentences


def _generated(augmentations: Augmentations, card: DatasetCard) -> list[str]:
    """The models that generated variants."""
    count, sentences = plural("{n:,} variant", "{n:,} variants", augmentations.augmentation_variants), list[str]()
    if BACK_TRANSLATION in augmentations.augmentations:
        sentences.append(
            msg(
                "Back-translations ({count} of each row) were made once before training by {there} and {back}.",
                count=count,
                there=model_name(augmentations.translation_there),
                back=model_name(augmentations.translation_back),
            )
        )
    if MASKED_SUBSTITUTION in augmentations.augmentations:
        model = augmentations.substitution_model or usual_model(card.domain)
        sentences.append(
            msg(
                "The masked model was {model_name}, asked once before training ({count} of each row).",
                model_name=model_name(model),
                count=count,
            )
        )
    return sentences


def regularization_sentences(regularization: Regularization) -> list[str]:
    """The regularizer, with its source; empty where it is off."""
    of = msg(
        "disturbances of the word embeddings of {adversarial_epsilon:.1%} of their length",
        adversarial_epsilon=regularization.adversarial_epsilon,
    )
    words: dict[str, list[str]] = {
        "off": [],
        "fgm": [msg("Half of the loss was that of adversarial {of} (FGM; Miyato et al. 2017).", of=of)],
        "pgd": [
            msg(
                "Half of the loss was that of adversarial {of}, found in {count} of projected gradient ascent "
                "(PGD; Madry et al. 2018).",
                of=of,
                count=plural("{n:,} step", "{n:,} steps", regularization.adversarial_steps),
            )
        ],
        "r_drop": [
            msg(
                "The disagreement of two readings under different dropout was added to the loss with weight "
                "{r_drop_weight:g} (R-Drop; Liang et al. 2021).",
                r_drop_weight=regularization.r_drop_weight,
            )
        ],
        "mixup": [
            msg(
                "What the head reads of two rows, and their labels, were mixed by shares drawn from "
                "Beta({mixup_alpha:g}, {mixup_alpha:g}) (mixup; Zhang et al. 2018).",
                mixup_alpha=regularization.mixup_alpha,
            )
        ],
    }
    return words[regularization.regularizer]

"""Like proteins in groups, for a split that does not ask a model for what it has seen.

Two proteins are alike when they share a twentieth of the shorter one's 5-mers: where residues change independently,
that is an identity of about 55 % (0.55^5 = 0.05); proteins that have nothing to do with each other share one 5-mer in
ten thousand. Groups are chains of alike proteins (single linkage). An alignment finds more distant relatives.
"""

from collections import defaultdict

import numpy as np

PIECE = 5
SHARED = 0.05


def groups_alike(sequences: list[str]) -> np.ndarray:
    """The group of each sequence, as the smallest position of its members."""
    pieces = [{sequence[i : i + PIECE] for i in range(len(sequence) - PIECE + 1)} for sequence in sequences]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(pieces):
        for piece in own:
            holders[piece].append(number)
    leader = list(range(len(sequences)))

    def leader_of(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for number, own in enumerate(pieces):
        shared: dict[int, int] = defaultdict(int)
        for piece in own:
            for other in holders[piece]:
                if other < number:
                    shared[other] += 1
        for other, count in shared.items():
            if count >= SHARED * min(len(own), len(pieces[other])):
                first, second = sorted((leader_of(number), leader_of(other)))
                leader[second] = first
    return np.array([leader_of(number) for number in range(len(sequences))])

"""MMseqs2 (Steinegger & Söding 2017, Nat. Biotechnol. 35:1026) and CD-HIT (Fu et al. 2012, Bioinformatics 28:3150).

Programs of other people that cluster millions of sequences, used where they are installed. They read and write files
in a temporary folder; nothing else of the machine is touched.
"""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sciapp.engine.domains.base import Clustering
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg

_LOOK_EVERY = 0.2  # seconds
_MEMBER = re.compile(r">(\d+)\.\.\.")


@dataclass(frozen=True)
class ClusterTool:
    """A program, what it is called with, and how its clusters are read.

    arguments: from (FASTA file, prefix of what it writes, folder for its own, threshold). read: from that prefix to
    (member, its cluster), both the numbers of sequences. lowest: the least threshold that it takes.
    """

    program: str
    title: str
    lowest: float
    arguments: Callable[[Path, Path, Path, float], list[str]]
    read: Callable[[Path], list[tuple[int, int]]]

    def clusters(self, values: Sequence[str], threshold: float, *, progress: Progress = SILENT) -> Clustering:
        """Run the program; cancelling ends it. Raises Cancelled, BadInput with its last words when it fails."""
        with tempfile.TemporaryDirectory(prefix="sciapp-clusters-") as name:
            folder = Path(name)
            fasta, out = folder / "sequences.fasta", folder / "clusters"
            fasta.write_text("".join(f">{i}\n{value}\n" for i, value in enumerate(values)), encoding="ascii")
            command = [self.program, *self.arguments(fasta, out, folder / "own", threshold)]
            with (folder / "log").open("wb") as log:
                process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            try:
                while process.poll() is None:
                    progress.report(0, len(values))
                    time.sleep(_LOOK_EVERY)
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()
            pairs = self.read(out) if process.returncode == 0 else []
            labels = np.full(len(values), -1, dtype=np.int64)
            for member, cluster in pairs:
                labels[member] = cluster
            if (labels < 0).any():
                log_text = (folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
                raise BadInput(
                    msg("{title} could not cluster the sequences.", title=self.title),
                    hint=msg("Choose another split, or take it off the PATH: SciApp then uses its own clustering."),
                    context=log_text,
                )
        return Clustering(
            labels, msg("Clusters: {title} at {threshold:.0%} identity.", title=self.title, threshold=threshold)
        )


def tool_on_path(tools: Sequence[ClusterTool], threshold: float) -> ClusterTool | None:
    """The first of `tools` that is installed and takes such a threshold."""
    return next((tool for tool in tools if threshold >= tool.lowest and shutil.which(tool.program)), None)


def _mmseqs(fasta: Path, out: Path, own: Path, threshold: float) -> list[str]:
    """Chains (cluster mode 1): no two that are found alike are parted; identity by the shorter one (seq-id mode 1)."""
    options = ["--min-seq-id", f"{threshold:g}", "--seq-id-mode", "1", "-c", "0", "--cluster-mode", "1"]
    return ["easy-cluster", str(fasta), str(out), str(own), *options, "--threads", "2", "-v", "1"]


def _cd_hit(fasta: Path, out: Path, own: Path, threshold: float) -> list[str]:
    word = next(size for least, size in ((0.7, 5), (0.6, 4), (0.5, 3), (0.0, 2)) if threshold >= least)
    return _cd_hit_arguments(fasta, out, threshold, word)


def _cd_hit_est(fasta: Path, out: Path, own: Path, threshold: float) -> list[str]:
    word = next(size for least, size in ((0.95, 10), (0.9, 8), (0.88, 7), (0.85, 6), (0.0, 5)) if threshold >= least)
    return [*_cd_hit_arguments(fasta, out, threshold, word), "-r", "1"]


def _cd_hit_arguments(fasta: Path, out: Path, threshold: float, word: int) -> list[str]:
    """-g 1: to the most alike cluster, not the first; -l: short ones are not thrown away."""
    chosen = ["-c", f"{threshold:g}", "-n", str(word), "-g", "1", "-l", str(word), "-M", "0", "-T", "2", "-d", "0"]
    return ["-i", str(fasta), "-o", str(out), *chosen]


def _pairs_of_mmseqs(out: Path) -> list[tuple[int, int]]:
    lines = Path(f"{out}_cluster.tsv").read_text(encoding="ascii").splitlines()
    return [(int(member), int(first)) for first, _, member in (line.partition("\t") for line in lines)]


def _pairs_of_cd_hit(out: Path) -> list[tuple[int, int]]:
    pairs, cluster = [], -1
    for line in Path(f"{out}.clstr").read_text(encoding="ascii").splitlines():
        if line.startswith(">Cluster"):
            cluster += 1
        elif match := _MEMBER.search(line):
            pairs.append((int(match.group(1)), cluster))
    return pairs


MMSEQS = ClusterTool("mmseqs", "MMseqs2", 0.0, _mmseqs, _pairs_of_mmseqs)
CD_HIT = ClusterTool("cd-hit", "CD-HIT", 0.4, _cd_hit, _pairs_of_cd_hit)
CD_HIT_EST = ClusterTool("cd-hit-est", "CD-HIT-EST", 0.8, _cd_hit_est, _pairs_of_cd_hit)

"""MODEL_CARD.md of a pack with a foreign encoder: where each part comes from, and what is not known."""

from .bridge import Fit


def bridge_text(fit: Fit | None, music: str) -> str:
    """What the bridge is, in one paragraph."""
    if fit is None:
        return """`bridge.npy` is a seeded orthonormal matrix: **it was not fitted to any music**. Songs that the encoder tells
apart look different from each other, but which picture belongs to which sound is arbitrary. Export with `--music DIR` to fit
it."""
    constant = "with the constant folded in" if fit.folded else "without a constant"
    return f"""`bridge.npy` is a ridge regression from the foreign embedding to the generator's own encoder's ({constant},
ridge {fit.ridge:.1e} of an entry's mean variance), fitted on windows of the folder `{music}`. Ridge and constant were chosen on
held-out tracks, so the figures flatter a little.

| held-out windows | |
|---|---|
| cosine to the own embedding | {fit.cosine:.3f} |
| the same for a bridge that always gives the mean | {fit.mean_cosine:.3f} |
| spread over the own embedding's spread | {fit.spread:.2f} |
| tracks, windows: fitted | {fit.tracks[0]}, {fit.windows[0]} |
| tracks, windows: held out | {fit.tracks[1]}, {fit.windows[1]} |

The figures are those of the fit on the other tracks; the matrix in the pack was then fitted on all. A spread under one means
that pictures differ less from song to song than they do with the generator's own encoder."""


def card(title: str, source: str, encoder_lines: str, base_title: str, base_licence: str, licence: str, bridge: str) -> str:
    """The whole card."""
    return f"""# {title}

An encoder that others trained, in front of the generator of the pack {base_title}.

| | input | output |
|---|---|---|
{encoder_lines}

## Encoder

{source}

Licence of the weights, as stated when the pack was made: **{licence}**. Whoever shares the pack must know that it is right.

## Generator

Copied unchanged from the pack {base_title}, licence {base_licence}; see that pack's card.

## Bridge

{bridge}

## Limits

- How well the encoder does on music is not measured here: only that the graph gives what the reference implementation gives.
- It has no controls (energy, brightness, ...), so nothing in the picture follows them.
- Made by `models/export`; see `models/README.md`.
"""

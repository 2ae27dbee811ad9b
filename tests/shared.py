"""Where the source documents and the design lie, if they lie beside us at all."""

from pathlib import Path

SHARED = next(
    (p / "shared" for p in Path(__file__).parents[2:] if (p / "shared" / "seeds").is_dir()), None
)

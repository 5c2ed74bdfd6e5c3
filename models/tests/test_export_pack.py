"""The one writer of pack.toml."""

import tomllib
from pathlib import Path

from models.export.build import generator_files, read_base
from models.export.pack import bridge_section, encoder_section, generator_section, write_manifest

STARTER = Path(__file__).parents[1] / "starter"


def written(folder, **changes):
    fields = {
        "name": "some-pack",
        "title": "Some pack",
        "licence": "CC0-1.0",
        "description": "Says something.",
        "encoder": encoder_section(16_000, 3, 512, ("energy", "warmth")),
        "generator": generator_section(512, 64, 256),
    }
    write_manifest(folder, **(fields | changes))
    return tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))


def test_embedding_and_latent(tmp_path):
    says = written(tmp_path)
    assert says["format"] == 1 and says["licence"] == "CC0-1.0" and says["thumbnail"] == "thumbnail.png"
    assert says["encoder"]["sample_rate_hz"] == 16_000 and says["encoder"]["window_s"] == 3.0
    assert says["encoder"]["control_names"] == ["energy", "warmth"] and says["encoder"]["controls"] == "controls"
    assert says["generator"]["embedding"] == "embedding" and says["generator"]["latent"] == "z"
    assert says["generator"]["range"] == [-1.0, 1.0] and says["generator"]["width_px"] == says["generator"]["height_px"] == 256
    assert "bridge" not in says and "joined" not in says["generator"]


def test_joined_with_a_bridge(tmp_path):
    generator, encoder = generator_section(512, 512, 64, joined=True), encoder_section(48_000, 10, 768)
    says = written(tmp_path, encoder=encoder, generator=generator, bridge=bridge_section(768, 512), thumbnail=None)
    assert says["generator"]["joined"] == {"input": "joined", "order": ["latent", "embedding"]}
    assert says["generator"]["latent_dim"] == says["generator"]["embedding_dim"] == 512
    # A joined input replaces both: the engine takes no pack that has all three.
    assert not {"latent", "embedding"} & set(says["generator"])
    assert "controls" not in says["encoder"] and "thumbnail" not in says
    assert says["bridge"] == {"file": "bridge.npy", "from": 768, "to": 512}


def test_any_text_survives(tmp_path):
    nasty = 'quote " backslash \\ newline \n tab \t DEL \x7f Grüße 音'
    assert written(tmp_path, description=nasty)["description"] == nasty


def test_tables_of_another_pack_pass_through(tmp_path):
    constants = [{"input": "truncation", "values": [0.7]}, {"input": "flag", "values": [1]}]
    generator = generator_section(512, 64, 256) | {"constants": constants, "layout": "nhwc", "embedding_norm": 1.5}
    says = written(tmp_path, generator=generator)["generator"]
    assert says["constants"] == constants and says["layout"] == "nhwc" and says["embedding_norm"] == 1.5


def test_the_starter_packs_manifest_is_as_committed(pack):
    assert (pack / "pack.toml").read_bytes() == (STARTER / "pack.toml").read_bytes()


def test_a_pack_with_another_encoder_takes_over_all_that_the_generator_is_made_of():
    files = generator_files(read_base(STARTER.parent / "default"))
    assert {"generator.onnx", "generator.8bit.onnx", "generator.1024x576.onnx", "generator.weights"} <= set(files)
    assert len(files) == len(set(files))
    assert all((STARTER.parent / "default" / file).is_file() for file in files)

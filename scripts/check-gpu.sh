#!/usr/bin/env bash
# What a machine with a GPU makes of Klangbild: which providers run the models, whether they are right, and how fast all of it is.
# Run it in the repository after `cargo build --profile fast`, or give the program as the argument. It takes under ten minutes.
set -u
export NO_COLOR=1
program=${1:-target/fast/klangbild}
if ! [ -x "$program" ]; then
    echo "error: there is no program $program: build it with \`cargo build --profile fast\`, or name it" >&2
    exit 1
fi

say() { printf '\n== %s\n' "$*"; }

say "cards"
if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
else
    echo "no nvidia-smi"
fi

say "doctor"
timeout 120 "$program" doctor

# Each provider by itself: the pack's check loads and runs both graphs, compares them with the processor's, and the generator in half
# precision with the one in single: how far the picture is off, and what each takes.
for provider in cpu webgpu cuda tensorrt-rtx openvino; do
    say "the default pack on $provider"
    KLANGBILD_PROVIDERS=$provider KLANGBILD_LOG=klangbild_engine=info timeout 100 "$program" pack check default 2>&1 |
        grep -E 'ran on|does not run it|apart|half\.onnx: on ' || echo "gave no figure"
done

# The same in a process of its own: what runs there, and that it is as quick.
say "the default pack in a process of its own"
KLANGBILD_APART=always timeout 120 "$program" doctor | grep -E "default pack's|process"
KLANGBILD_APART=always timeout 120 "$program" pack check default 2>&1 | grep -E 'ran on|runs in this process' || echo "gave no figure"

say "models, stage, and a song, as chosen by itself"
timeout 180 "$program" bench

say "every scene"
timeout 240 "$program" bench --scenes

"""Where training runs: CPU, one GPU, or several through torchrun; mixed precision where the hardware has it."""

import os
from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Device:
    """One process's device. `rank` 0 writes files and shows progress."""

    device: torch.device
    rank: int
    world: int
    bf16: bool

    def autocast(self):
        """Forward passes in bfloat16 where that is faster; float32 elsewhere."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16) if self.bf16 else nullcontext()

    def average(self, *modules: nn.Module) -> None:
        """Averages the gradients that lie in the modules over all processes, after a backward pass."""
        if self.world == 1:
            return
        for module in modules:
            for parameter in module.parameters():
                if parameter.grad is not None:
                    torch.distributed.all_reduce(parameter.grad)
                    parameter.grad /= self.world

    def alike(self, *modules: nn.Module) -> None:
        """Gives every process the weights of the first."""
        if self.world > 1:
            for module in modules:
                for tensor in [*module.parameters(), *module.buffers()]:
                    torch.distributed.broadcast(tensor.data, 0)


def choose(seed: int = 0) -> Device:
    """The best device there is. Under `torchrun` each process takes one GPU (NCCL), or the CPU (Gloo)."""
    world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    cuda = torch.cuda.is_available()
    if world > 1:
        torch.distributed.init_process_group("nccl" if cuda else "gloo")
    if cuda:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", 0)))
        device, bf16 = torch.device("cuda"), torch.cuda.is_bf16_supported()
    else:
        # Without the instructions bfloat16 is emulated, and slower than float32.
        device, bf16 = torch.device("cpu"), bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    torch.manual_seed(seed * world + rank)
    return Device(device, rank, world, bf16)

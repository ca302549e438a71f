"""Calibrate a Python function with omega-lock: it becomes a target in five lines.

    from omega_worker import Float, serve

    def evaluate(params, slice):
        return -((params["gain"] - slice["best"]) ** 2)  # the larger, the better

    serve(evaluate, {"gain": Float(0.0, 8.0, neutral=1.0)})

`omega test` starts this file, asks it for evaluations over the protocol omega-worker/1, and judges the winner. `space` has
the parameters, `answer` what a function returns, `blocks` cuts a series into parts, `serving` speaks the protocol.
"""

from omega_worker.answer import Lost, NotApplicable, Result
from omega_worker.blocks import block_ranges, in_blocks
from omega_worker.serving import Slice, log, progress, serve
from omega_worker.space import Bool, Choice, Float, Int, Parameter

__all__ = [
    "Bool",
    "Choice",
    "Float",
    "Int",
    "Lost",
    "NotApplicable",
    "Parameter",
    "Result",
    "Slice",
    "block_ranges",
    "in_blocks",
    "log",
    "progress",
    "serve",
]

"""Evaluate a calibration on a Ray cluster: `python -m omega_ray MODULE:FUNCTION` is a worker of omega-worker/1.

It answers as `omega_worker` does, and with the same bytes, but many questions at once: each evaluation is a task of Ray.
`target` finds the function, `task` is what a node runs, `cluster` is Ray, `bridge` speaks the protocol.
"""

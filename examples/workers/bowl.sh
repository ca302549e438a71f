#!/bin/sh
# The worker of bowl.py as one program of jq 1.6 or newer, which reads the questions and writes the answers itself.
#
# `cargo omega worker check -- sh examples/workers/bowl.sh` holds it against the protocol.
exec jq --unbuffered --compact-output '
[
  {name: "x", kind: "float", low: -2, high: 2, neutral: 0.5},
  {name: "y", kind: "float", low: -2, high: 2, neutral: 0},
  {name: "n", kind: "int", low: 1, high: 4, neutral: 2},
  {name: "flip", kind: "bool", neutral: false},
  {name: "mode", kind: "choice", choices: ["plain", "steep", "both"], neutral: "plain"}
] as $space
| def evaluate($slice):
    . as {$x, $y, $n, $flip, $mode}
    | if keys != ($space | map(.name) | sort) then {type: "error", error: "expected the parameters \($space | map(.name))"}
      elif [$x, $y, $n | type] != ["number", "number", "number"] then {type: "error", error: "x, y and n are numbers"}
      elif $flip and $mode == "both" then {type: "not_applicable", reason: "both ways at once"}
      elif $x > 1.9 then {type: "error", error: "ValueError: off the table"}
      else
        (if $mode == "plain" then 9 else 12 end) as $slope
        | ($x - ($slice.center // 1)) as $dx
        | ($y + 0.5) as $dy
        | (-($dx * $dx) - $slope * ($dy * $dy) + 0.125 * $n - (if $flip then 0.25 else 0 end)) as $fitness
        | {
            type: "result",
            fitness: $fitness,
            samples: (100 * $n),
            blocks: [range(-2; 3) | $fitness + 0.5 * .],
            metrics: {distance: ($dx * $dx + $dy * $dy)},
            metadata: {mode: $mode, steps: [$n, $n + 1]}
          }
      end;
.id as $id
| if .type == "hello" then {$id, type: "hello", protocol: 1, space: $space}
  elif .type == "evaluate" then {$id} + ((.slice // {}) as $slice | .params | evaluate($slice))
  elif .type == "cancel" then empty
  else {$id, type: "error", error: "no question of omega-worker/1: \(.type)"}
  end
'

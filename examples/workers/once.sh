#!/bin/sh
# A simulator that is started once for each evaluation, without knowing of any protocol: numbers as arguments, and the last
# line it prints is the fitness. `Workers::once` starts it with `sh once.sh {x} {y}`.
awk -v x="$1" -v y="$2" 'BEGIN {
    print "simulating"
    printf "%.17g\n", -(x - 1) * (x - 1) - 9 * (y + 0.5) * (y + 0.5)
}'

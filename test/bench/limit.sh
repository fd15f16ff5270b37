# As fast as it can be done without anything that DISCO has: one rsync for the files of all balls, one
# perl for all templates, and the scripts. A dry run cannot try the scripts.
#
# limit.sh UNIVERSE NODE [dry]
set -eu
universe=$1 node=$2 dry=${3:-}

rsync -a ${dry:+--dry-run --itemize-changes} "$universe"/balls/*/files/ /
perl "${0%/*}/limit.pl" "$universe" "$node" $dry
[ -z "$dry" ] || exit 0
for script in "$universe"/balls/*/scripts/*; do
  bash "$script"
done

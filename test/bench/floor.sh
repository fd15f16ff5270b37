# Starts floor.ts, in a dry run on an overlay of the live root: floor.sh DENO UNIVERSE NODE [dry]
set -eu
deno=$1 universe=$2 node=$3 dry=${4:-} root=/
if [ -n "$dry" ]; then
  scratch=/run/floor root=/run/floor/root
  mkdir -p "$scratch"
  mount -t tmpfs floor "$scratch"
  mkdir "$scratch/upper" "$scratch/work" "$root"
  mount -t overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" floor "$root"
fi
# A cache that can be written, as DISCO has one; an empty variable is no argument.
export DENO_DIR=/var/tmp/deno-floor
exec "$deno" run -A --no-check --no-config --no-lock "${0%/*}/floor.ts" "$universe" "$node" "$root" $dry

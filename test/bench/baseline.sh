# What a person would write instead of DISCO: copies the files of all balls to /, renders the
# templates, runs the scripts. No order, no dry run, no report, no undoing; a failure leaves a half.
#
# baseline.sh UNIVERSE NODE
set -eu
universe=$1
export DISCO_NODE=$2 PARAMETERS=$1/parameters/$2

for ball in "$universe"/balls/*; do
  name=${ball##*/}
  [ ! -d "$ball/files" ] || rsync -a "$ball/files/" /
  value=$(<"$PARAMETERS/bench/$name")
  templates=$universe/baseline/$name/templates
  if [ -d "$templates" ]; then
    while IFS= read -r template; do
      target=${template#"$templates"}
      target=${target%.*}
      mkdir -p "${target%/*}"
      case $template in
        *.sed) sed -e "s/@NODE@/$DISCO_NODE/g" -e "s/@VALUE@/$value/g" "$template" >"$target" ;;
        *.sh) bash "$template" >"$target" ;;
      esac
    done < <(find "$templates" -type f)
  fi
  for script in "$ball"/scripts/*; do
    [ ! -e "$script" ] || bash "$script"
  done
done

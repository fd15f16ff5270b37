# Read by bash in the strict mode before the script: a command that is not allowed is an effect.
command_not_found_handle() {
  case $1 in
    */*)
      echo "disco: $1: in the strict mode a command has no path" >&2
      return 126
      ;;
  esac
  /run/disco/bin/disco-effect "$@"
}

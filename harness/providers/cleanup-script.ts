/**
 * Removes everything that a lease names. A shell script, because it must outlive the harness and cost nothing while it waits.
 * The same script runs as the watchdog of a living harness and for what `sweep` finds.
 *
 * Arguments: lease file, container name or `-`, address of the container engine or `-`, then the folders.
 * It waits for the end of its standard input; a line `release` there means that nothing is left to do.
 * Processes are found by the folder they work in, never by a number written down earlier, which may belong to somebody else by now.
 * The lease goes last, and only after everything else is gone: what fails here is left for the next sweep.
 */
export const CLEANUP_SCRIPT = `
trap '' HUP INT TERM QUIT PIPE
lease=$1 container=$2 engine=$3
shift 3
while read -r word; do
  if [ "$word" = release ]; then exit 0; fi
done

processes_in() {
  if [ -d /proc/1 ]; then
    ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -F -- " -> $1" | sed 's|.*/proc/\\([0-9]*\\)/cwd -> .*|\\1|' | while read -r pid; do
      case "$(readlink "/proc/$pid/exe" 2>/dev/null)" in
        */postgres | */initdb | */node | */postgres\\ * | */initdb\\ * | */node\\ *) echo "$pid" ;;
      esac
    done
  else
    ps -axo pid=,command= | grep -F -- "$1" | grep -E '^ *[0-9]+ [^ ]*/(postgres|initdb) ' | sed 's/^ *\\([0-9]*\\) .*/\\1/'
  fi
}

remove_folder() {
  segment=$(sed -n 7p "$1/data/postmaster.pid" 2>/dev/null)
  # initdb before 16 puts segments into /dev/shm, and keeps them if it is killed: they are in the memory maps of its processes.
  segments=
  for pid in $(processes_in "$1"); do
    segments="$segments $(sed -n 's|.* \\(/dev/shm/PostgreSQL\\.[0-9]*\\)$|\\1|p' "/proc/$pid/maps" 2>/dev/null | sort -u)"
  done
  signal=QUIT
  round=0
  while [ $round -lt 100 ]; do
    pids=$(processes_in "$1")
    if [ -z "$pids" ]; then break; fi
    kill -$signal $pids 2>/dev/null
    round=$((round + 1))
    if [ $round -ge 20 ]; then signal=KILL; fi
    sleep 0.05
  done
  # A server that was killed outright leaves its shared memory segment: the one with the recorded key and number that nobody is attached to.
  if [ -n "$segment" ] && [ -r /proc/sysvipc/shm ]; then
    awk -v wanted="$segment" 'BEGIN { split(wanted, w, " ") } $1 == w[1] && $2 == w[2] && $7 == 0 { print $2 }' /proc/sysvipc/shm |
      while read -r number; do ipcrm -m "$number" 2>/dev/null; done
  fi
  if [ -n "$segments" ]; then rm -f -- $segments; fi
  rm -rf -- "$1" 2>/dev/null || { sleep 0.2; rm -rf -- "$1" 2>/dev/null; }
}

remove_container() {
  if [ "$engine" != - ]; then DOCKER_HOST=$engine; export DOCKER_HOST; fi
  for client in docker podman; do
    if command -v $client >/dev/null 2>&1; then
      $client rm -f -v "$container" >/dev/null 2>&1
      if [ -z "$($client ps -aq --filter "name=^/*$container$" 2>&1)" ]; then return 0; fi
    fi
  done
  case "$engine" in
    unix://*)
      status=$(curl -s -o /dev/null -w '%{http_code}' -X DELETE --unix-socket "\${engine#unix://}" "http://engine/containers/$container?force=true&v=true" 2>/dev/null)
      case "$status" in 204 | 404) return 0 ;; esac
      ;;
  esac
  return 1
}

left=0
for folder do
  if [ -e "$folder" ]; then remove_folder "$folder"; fi
  if [ -e "$folder" ]; then left=1; fi
done
if [ "$container" != - ]; then
  remove_container
  # An engine that was asked to make a container makes it, even if whoever asked is gone: look again.
  sleep 1
  remove_container || left=1
fi
if [ $left = 0 ]; then rm -f -- "$lease"; fi
exit $left
`;

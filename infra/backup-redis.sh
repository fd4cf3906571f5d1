#!/bin/sh
# Writes a backup of Redis to standard output, as a tar of its append-only files, while it goes on: docs/operating.md. All that was on
# disk when this began is in it. Runs where these files are; what it is given goes to redis-cli: where Redis is, and as whom.
set -eu

# The answer has the setting's name on a line before its value.
reply=$(redis-cli -e --raw "$@" CONFIG GET appendonly)
if [ "${reply#appendonly?}" != yes ]; then
  echo "This Redis keeps no append-only file: there is nothing to back up." >&2
  exit 1
fi
reply=$(redis-cli -e --raw "$@" CONFIG GET dir)
folder=${reply#dir?}
reply=$(redis-cli -e --raw "$@" CONFIG GET appenddirname)
files=${reply#appenddirname?}
reply=$(redis-cli -e --raw "$@" CONFIG GET auto-aof-rewrite-percentage)
percentage=${reply#auto-aof-rewrite-percentage?}
# An earlier backup was killed before it had put it back: Redis's own.
[ "$percentage" -gt 0 ] || percentage=100

# A rewriting would put other files in the place of those that are being read.
trap 'redis-cli -e "$@" CONFIG SET auto-aof-rewrite-percentage "$percentage" > /dev/null' EXIT
trap 'exit 1' HUP INT TERM
redis-cli -e "$@" CONFIG SET auto-aof-rewrite-percentage 0 > /dev/null
# It keeps none from ending that has begun.
while
  case $(redis-cli -e --raw "$@" INFO persistence) in
  *aof_rewrite_scheduled:1* | *aof_rewrite_in_progress:1*) true ;;
  *) false ;;
  esac
do
  sleep 1
done

# It ends in 1 when a file has grown while it was read, as the last one does: what it had when it was opened is in the tar.
status=0
tar --create --file - --warning no-file-changed --directory "$folder" "$files" || status=$?
[ "$status" -le 1 ]

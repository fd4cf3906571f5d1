/** What `npm start -- --help` prints. */
export const usage = `npm start    runs everything on this machine, against a sandbox that stands in for the networks

It starts Redis (as infra/redis.conf has it), the sandbox, the board, a worker for each network, the callbacks program and the ingress,
makes a demo client and a demo sender for each network, and prints commands to try. Ctrl-C stops everything. A program that
ends by itself is started again, but for Redis: without it everything stops. The keys, the client and the board's password
are kept in .data/local.env.

Environment:
  INGRESS_PORT            8080   the API
  BOARD_PORT              8081   the board
  SANDBOX_PORT            8082   the sandbox, and the page that shows its chats
  INGRESS_HEALTH_PORT     9100   health of the ingress
  LINE_HEALTH_PORT        9101   health of the LINE worker
  MESSENGER_HEALTH_PORT   9102   health of the Messenger worker
  CALLBACKS_HEALTH_PORT   9103   health of the callbacks program
  REDIS_URL                      a Redis that runs already, used instead of one of our own
  REDIS_PORT                     the port of our own; any free one, unless set
  DATA_FOLDER             .data  Redis's data, which is kept, and the logs of this run
  LOG_LEVEL               info   how much is logged

Anything else the programs read (README: Configuration) is passed on to them, but for HOST and ENDPOINT_HOSTS: all of it
listens on 127.0.0.1, and only the sandbox may be called.`

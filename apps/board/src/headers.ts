import helmet from 'helmet'

/** Nothing is fetched from elsewhere, no other site may frame the board, and nobody learns from where a link was followed. */
export const setHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      // Bull Board styles elements one by one.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // With no-referrer, browsers would leave the login form's Origin out too.
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
  // Over plain http browsers only complain of it.
  originAgentCluster: false,
})

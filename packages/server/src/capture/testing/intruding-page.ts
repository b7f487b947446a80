/** Every way in which a page may ask for something of another server; each is reported to the page's own at `/report?…`. */
const ATTEMPTS = {
  fetch: 'fetch(to("fetch"), { mode: "no-cors" })',
  xhr: 'new Promise((ok, no) => { const x = new XMLHttpRequest(); x.onload = ok; x.onerror = no; x.open("POST", to("xhr")); x.send("x") })',
  beacon: 'new Promise((ok, no) => navigator.sendBeacon(to("beacon"), "x") ? ok() : no())',
  websocket:
    'new Promise((ok, no) => { const s = new WebSocket(to("websocket").replace("http", "ws")); s.onopen = ok; s.onerror = no })',
  events:
    'new Promise((ok, no) => { const s = new EventSource(to("events")); s.onopen = ok; s.onerror = no })',
  image: 'element("img", "src", "image")',
  script: 'element("script", "src", "script")',
  style: 'element("link", "href", "style", { rel: "stylesheet" })',
  preload: 'element("link", "href", "preload", { rel: "preload", as: "script" })',
  video: 'element("video", "src", "video", { preload: "auto" })',
  object: 'element("object", "data", "object")',
  frame: 'element("iframe", "src", "frame")',
  form: 'new Promise(ok => { const f = document.createElement("form"); f.action = to("form"); f.method = "post"; const t = document.createElement("iframe"); t.name = f.target = "t"; document.body.append(t, f); t.onload = ok; f.submit() })',
  worker:
    'new Promise((ok, no) => { const w = new Worker(URL.createObjectURL(new Blob(["fetch(\\"" + to("worker") + "\\", { mode: \\"no-cors\\" }).then(() => postMessage(1), () => postMessage(0))"]))); w.onmessage = e => e.data ? ok() : no() })',
  popup: 'Promise.resolve(window.open(to("popup"))).then(w => w ? 0 : Promise.reject())',
  preconnect: 'element("link", "href", "preconnect", { rel: "preconnect" }, true)',
  webrtc:
    'new Promise(ok => { const c = new RTCPeerConnection({ iceServers: [{ urls: ["stun:HOST", "stun:127.0.0.1:PORT"] }, { urls: ["turn:HOST?transport=tcp", "turn:HOST"], username: "u", credential: "c" }] }); c.createDataChannel("x"); c.onicecandidate = e => { if (!e.candidate) ok(); else if (e.candidate.candidate) throw ok() }; c.createOffer().then(o => c.setLocalDescription(o)) })',
  webtransport: 'new WebTransport(to("webtransport").replace("http:", "https:")).ready',
} as const

export const INTRUSION_ATTEMPTS: readonly string[] = Object.keys(ATTEMPTS)

/** A page that tries to reach `host` (with port) in every way that there is. */
export const intrudingPage = (host: string): string => `<!doctype html><body><script>
  const to = what => "http://${host}/" + what
  const element = (name, attribute, what, more = {}, silent = false) => new Promise((ok, no) => {
    const e = Object.assign(document.createElement(name), more)
    e.onload = e.onloadeddata = ok; e.onerror = no
    e[attribute] = to(what)
    document.body.append(e)
    if (silent) ok()
  })
  const attempts = { ${Object.entries(ATTEMPTS)
    .map(
      ([name, code]) =>
        `${name}: () => ${code.replaceAll('HOST', host).replaceAll('PORT', host.split(':')[1] ?? '')}`,
    )
    .join(',\n')} }
  for (const [name, attempt] of Object.entries(attempts))
    (async () => attempt())().then(() => 'ok', () => 'no').then(how => fetch('/report?' + name + '=' + how))
</script>`

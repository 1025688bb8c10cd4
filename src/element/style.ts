/** How the element looks; the sheet is shared by all of them and allowed by style-src 'self'. */
export const CSS = `
:host{display:inline-block;position:relative;max-width:100%;vertical-align:bottom;
  font:500 13px/1.4 system-ui,sans-serif}
:host([hidden]),[hidden]{display:none!important}
.frame{position:relative;overflow:hidden;min-height:2.5em;border-radius:var(--gpen-radius,10px);
  background:color-mix(in srgb,CanvasText 7%,Canvas);isolation:isolate}
img{display:block;width:100%;height:auto;color:CanvasText}
canvas,.side,.slider{position:absolute;inset:0;width:100%;height:100%}
canvas{clip-path:inset(0 0 0 var(--at));opacity:0;transition:opacity .5s}
.ready canvas{opacity:var(--strength)}
.side{pointer-events:none;opacity:0;transition:opacity .5s;clip-path:inset(0 calc(100% - var(--at)) 0 0)}
.side+.side{text-align:end;clip-path:inset(0 0 0 var(--at))}
.ready .side{opacity:1}
.badge,.pill{display:inline-block;margin:8px;padding:2px 9px;border-radius:99px;
  background:rgb(0 0 0/.6);color:#fff;font-size:12px;letter-spacing:.01em}
.slider{cursor:ew-resize;touch-action:pan-y;user-select:none;-webkit-user-select:none;outline:0;
  -webkit-tap-highlight-color:transparent}
.slider::before{content:"";position:absolute;inset-block:0;inset-inline-start:calc(var(--at) - 1px);
  width:2px;background:var(--gpen-handle,#fff);box-shadow:0 0 0 1px rgb(0 0 0/.15),0 0 12px rgb(0 0 0/.35)}
.handle{position:absolute;top:50%;inset-inline-start:var(--at);width:min(38px,24%);aspect-ratio:1;
  border-radius:50%;background:var(--gpen-handle,#fff);translate:-50% -50%;
  box-shadow:0 0 0 1px rgb(0 0 0/.12),0 2px 10px rgb(0 0 0/.4)}
.handle::before,.handle::after{content:"";position:absolute;top:50%;left:27%;width:17%;aspect-ratio:1;
  border:solid var(--gpen-ink,#16181d);border-width:0 0 2px 2px;translate:0 -50%;rotate:45deg}
.handle::after{left:auto;right:27%;rotate:225deg}
.slider:focus-visible .handle{outline:3px solid var(--gpen-accent,#2f6fed);outline-offset:2px}
.slider:focus-visible::after{content:"";position:absolute;inset:0;
  border:3px solid var(--gpen-accent,#2f6fed);border-radius:var(--gpen-radius,10px)}
.loading{position:absolute;inset:auto 0 0}
.track{height:4px;background:rgb(0 0 0/.35)}
.bar{height:100%;width:100%;background:var(--gpen-accent,#2f6fed);transform-origin:0 0;
  scale:var(--done,0) 1;transition:scale .2s}
.error{margin-block-start:6px;padding:8px 12px;border-radius:var(--gpen-radius,10px);
  background:color-mix(in srgb,CanvasText 7%,Canvas);color:CanvasText;
  border-inline-start:3px solid var(--gpen-error,#d6453d);overflow-wrap:anywhere}
.spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:host(:dir(rtl)) :is(canvas,.side+.side){clip-path:inset(0 var(--at) 0 0)}
:host(:dir(rtl)) .side:has(+.side){clip-path:inset(0 0 0 calc(100% - var(--at)))}
:host(:dir(rtl)) .handle{translate:50% -50%}
:host(:dir(rtl)) .bar{transform-origin:100% 0}
@media (prefers-reduced-motion:reduce){canvas,.side,.bar{transition:none}}
@media (forced-colors:active){.slider::before,.handle{background:ButtonText;forced-color-adjust:none}}
`.replace(/\n\s*/g, "");

let shared: CSSStyleSheet | undefined;

export function styleSheet(): CSSStyleSheet {
  if (!shared) {
    shared = new CSSStyleSheet();
    shared.replaceSync(CSS);
  }
  return shared;
}

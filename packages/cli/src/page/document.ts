/** What a page is filled with; all of it written by us or escaped by now. */
export interface DocumentParts {
  readonly policy: string;
  readonly style: string;
  readonly script: string;
  /** JSON, or `null` for a page that fetches it. */
  readonly picture: string;
}

/** The page as HTML: its frame, which the script fills. */
export function documentOf({ policy, style, script, picture }: DocumentParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Who closed each run</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header class="top">
<div>
<h1 id="summary">Who closed each run</h1>
<p id="rest"></p>
</div>
<p id="status" class="status" role="status" hidden></p>
</header>
<noscript><p class="blank-note">This page draws its account by a script, which is switched off.</p></noscript>
<section class="controls" aria-label="Filters">
<div id="classes" class="chips" role="group" aria-label="Closed by"></div>
<div class="fields">
<label><span class="unseen">Scope</span><select id="scope"></select></label>
<label><span class="unseen">Service</span><select id="service"></select></label>
<label><span class="unseen">Action</span><select id="action"></select></label>
<label class="search"><span class="unseen">Search names and ids</span><input id="search" type="search" placeholder="Search names and ids" autocomplete="off" spellcheck="false" maxlength="200"></label>
<p id="shown" class="shown" role="status"></p>
<button id="reset" type="button" hidden>Reset</button>
</div>
</section>
<main class="stage">
<div id="empty" class="empty" hidden></div>
<div id="grid" class="grid" role="treegrid" tabindex="0" aria-label="Runs by what closed them" aria-describedby="keys" aria-colcount="3">
<div id="columns" class="columns" role="row" aria-rowindex="1">
<div role="columnheader" class="name"><span class="range-line"><span class="unseen">Run or action</span><span id="range"></span></span><span class="zoom"><button id="zoom-out" type="button" aria-label="Zoom out">−</button><button id="zoom-in" type="button" aria-label="Zoom in">+</button><button id="fit" type="button" aria-label="Show all of the time" disabled>All</button></span></div>
<div role="columnheader" class="lane" aria-label="Time"><div id="overview" class="overview" title="How many runs ended when, as square roots. Drag to zoom."><canvas id="density" aria-hidden="true"></canvas><div id="window" class="window" hidden></div></div><div class="plot"><div id="axis" class="axis" aria-hidden="true"></div></div></div>
<div role="columnheader" class="note"><span class="unseen">How it ended</span><span class="key" aria-hidden="true"><i class="key-bar"></i>ran <i class="key-delay"></i>asked, then stopped</span></div>
</div>
<div id="rows" class="rows" role="rowgroup"></div>
</div>
<aside id="details" class="details" aria-labelledby="details-title" hidden>
<div class="details-head"><h2 id="details-title" tabindex="-1"></h2><button id="details-close" type="button" aria-label="Close details">×</button></div>
<div id="details-content"></div>
</aside>
</main>
<footer class="foot">
<p>The striped end of a bar is the delay from being asked to stop until it stopped; where it is too short to see, zoom to the action. Times are UTC, by the clock of each process: those of two hosts may differ.</p>
<p id="keys" class="keys"><kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>←</kbd> <kbd>→</kbd> fold and unfold, <kbd>Enter</kbd> details, <kbd>Z</kbd> zoom to it, <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom, <kbd>Shift</kbd> <kbd>←</kbd> <kbd>→</kbd> earlier and later, <kbd>Esc</kbd> back</p>
</footer>
<div id="tooltip" class="tooltip" aria-hidden="true" hidden></div>
<script type="application/json" id="picture">${picture}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

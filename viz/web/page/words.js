// What the page says, in Chinese and English. Names, reasons and evidence stay in the language of the data.
const WORDS = {
  brand: ["链谱", "Lianpu"], views: ["视图", "Views"], viewMap: ["产业链图", "Chain map"], viewExplore: ["关系探索", "Explore"], viewGaps: ["缺口清单", "Gaps"],
  viewWhatif: ["招商推演", "What if"], search: ["搜索产品、企业：名称、拼音、股票代码（按 /）", "Search products, firms (press /)"], copyLink: ["复制链接", "Copy link"],
  exportPng: ["导出 PNG", "PNG"], exportPdf: ["导出 PDF", "PDF"], exportSvg: ["导出 SVG", "SVG"], help: ["帮助", "Help"], asked: ["产业链、地区、日期、语言", "Chain, region, date, language"],
  chain: ["产业链", "Chain"], region: ["地区", "Region"], asOf: ["截至", "As of"], language: ["语言", "Language"], filters: ["筛选", "Filters"],
  status: ["环节状态", "Status"], stage: ["环节位置", "Stage"], action: ["行动", "Action"], firms: ["企业", "Firms"], path: ["路径", "Path"],
  start: ["起点", "From"], end: ["终点", "To"], findPath: ["查找路径", "Find paths"], legend: ["图例", "Legend"], local: ["本地企业", "local firm"],
  target: ["招引目标", "target firm"], other: ["其他企业", "other firm"], flows: ["供给", "supplies"],
  cut: ["供给环节缺失或疑似缺失", "supplier missing or suspected"], figures: ["指标与公式", "Indicators and formulas"], undo: ["撤销", "Undo"],
  redo: ["重做", "Redo"], fit: ["全图", "Fit"], clear: ["清空画布", "Clear"],
  canvas: ["关系画布；右侧清单可完成同样的操作", "Canvas; the panel on the right does the same"], begin: ["从一个产品或企业开始", "Start from a product or a firm"],
  beginHow: ["在上方搜索，或点右侧缺口清单，或从这里开始：", "Search above, pick a gap on the right, or begin here:"],
  filterText: ["在名称和理由里找", "Find in names and reasons"], exportChosen: ["导出（选中的；不选为列出的全部）：", "Export (chosen, else all listed):"],
  comes: ["引进", "Comes"], leaves: ["撤出", "Leaves"], scenarios: ["推演方案", "Scenarios"], comer: ["企业：新名称，或搜索已有", "Firm: a new name, or search"],
  makesWhat: ["它生产哪个环节（可加多个）", "What it makes (one or more)"], add: ["加入", "Add"], leaver: ["搜索要撤出的本地企业", "Search the local firm that leaves"],
  scenarioName: ["方案名称", "Name of the scenario"], save: ["保存", "Save"], run: ["推演", "Run"], clearAll: ["清空", "Clear"],
  detail: ["详情与缺口", "Details and gaps"], whatifNote: ["推演不改动数据；引进按落在本地计，撤出按迁到外省计。", "Nothing is written; who comes settles here, who leaves goes to another province."],
  gaps: ["缺口清单", "Gaps"], close: ["关闭", "Close"], needToken: ["需要口令", "Token needed"],
  needTokenHow: ["用启动时显示的带口令的地址打开，或在这里输入口令。", "Open the address printed at the start, or enter the token."], token: ["口令", "Token"],
  enter: ["进入", "Enter"], choose: ["选择一个环节或企业", "Choose a link or a firm"],
  chooseHow: ["点图、清单或搜索结果，这里显示事实与证据。", "Click the map, a list or a hit; facts and evidence appear here."], notes: ["口径与数据说明", "Rules and data"],
  made: ["本地企业", "Local firms"], nation: ["库内企业", "Firms in store"], buyers: ["本地需求企业", "Local buyers"], reviews: ["待复核企业", "Firms to verify"], firstOf: ["前 {0} 家，共 {1} 家", "the first {0} of {1}"],
  none: ["无", "none"], up: ["上游投入", "Inputs"], down: ["下游去向", "Goes into"], expand: ["展开", "Expand"], collapse: ["收起", "Collapse"],
  centre: ["以此为中心", "Centre"], hide: ["隐藏", "Hide"], setStart: ["设为路径起点", "Path from here"], setEnd: ["设为终点", "Path to here"],
  score: ["评分", "score"], showEvidence: ["看证据，直到来源行", "Show evidence down to the row"], where: ["所在地", "Place"], titles: ["资质", "Titles"],
  makes: ["在本链生产", "Makes on this chain"], sources: ["各来源怎么说", "What sources say"], noHit: ["没有找到，相近的有：", "No hit. Near:"],
  noHitAtAll: ["没有找到", "No hit"], shownLinks: ["显示 {0} / {1} 个环节", "{0} of {1} links shown"],
  canvasCount: ["画布 {0} 个节点，{1} 条关系（双击或按 E 展开）", "{0} nodes, {1} edges (double click or E expands)"],
  rest: ["还有 {0} 个相邻节点，在右侧清单里挑选", "{0} more neighbours: pick from the list on the right"], addMore: ["再列 {0} 个（还有 {1} 个）", "{0} more (of {1})"],
  full: ["画布最多 600 个节点，请先收起或隐藏一些", "600 nodes at most: collapse or hide some first"],
  noPath: ["没有路径：顺着供给方向和不论方向都没有 8 步以内的连接", "No path of 8 steps or fewer in any direction"], pathFound: ["找到 {0} 条路径（{1}）", "{0} paths ({1})"],
  along: ["顺着供给方向", "along supply"], any: ["不论方向", "any direction"], pathN: ["路径 {0}：{1} 步", "Path {0}: {1} steps"], pathBy: ["，经 {0}", ", by {0}"], sameEnds: ["起点和终点是同一个，换一个", "Start and end are the same: choose another"],
  byproduct: ["副产品", "by-product"], pickBoth: ["先选起点和终点", "Choose both ends first"], copied: ["链接已复制", "Link copied"], exported: ["已导出 {0}", "Exported {0}"],
  gone: ["服务器没有响应，画面保留", "The server does not answer; the view is kept"], retry: ["重试", "Retry"], noChain: ["没有产业链「{0}」", "There is no chain {0}"], instead: ["现在显示：{0} · {1}", "Shown instead: {0} · {1}"],
  pickChain: ["选产业链", "Choose a chain"], pickRegion: ["选地区", "Choose a region"], openDetail: ["详情", "Details"], openFilters: ["筛选", "Filters"],
  skip: ["跳到主要内容", "Skip to the main part"],
  stale: ["数据已超过 90 天（截至 {0}），请更新后再用", "Data older than 90 days (as of {0})"], updated: ["数据已更新，页面已刷新", "New data loaded"],
  noGaps: ["没有符合筛选的缺口", "No gap fits the filters"], gapRows: ["{0} / {1} 条，选中 {2}", "{0} of {1} rows, {2} chosen"], gapHidden: ["（其中 {0} 行未显示）", " ({0} of them not shown)"],
  chosenAll: ["全选", "Choose all"], chosenRow: ["选中", "Choose"], rank: ["序号", "No."], name: ["产品环节", "Link"], detailCol: ["理由", "Reason"],
  outside: ["区外企业", "Outside"], nearest: ["最近覆盖", "Nearest"], before: ["现在", "Before"], after: ["推演后", "After"], change: ["变化", "Change"],
  indicator: ["指标", "Indicator"], value: ["数值", "Value"], formula: ["公式", "Formula"], basis: ["依据", "Basis"],
  changedLinks: ["状态变化（{0} 个）", "Links whose status changes ({0})"], linksOpen: ["链上关系", "Links along the chain"], opened: ["接通", "opened"],
  broken: ["断开", "broken"], gapsChange: ["缺口变化", "Gaps that change"], closed: ["消除", "closed"], appeared: ["新增", "new"],
  noChange: ["没有变化", "No change"], remove: ["移除", "Remove"], bring: ["推演引进", "What if it came"], lose: ["推演撤出", "What if it left"],
  needFirm: ["先写企业名称", "Name the firm first"], needProduct: ["新企业要选至少一个环节", "Choose a link for a new firm"],
  nothing: ["先加入要引进或撤出的企业", "Add a firm that comes or leaves"], saved: ["方案已保存", "Scenario saved"], del: ["删除", "Delete"], all: ["全部", "All"],
  working: ["计算中……", "Working…"],
  helpText: [
    "/　搜索；↑↓ 选择，Enter 替换画布，Shift+Enter 添加到画布\n← → ↑ ↓　画布上沿关系移动；图上移到旁边的环节\nE　展开相邻节点\nC　以此为中心\nH 或 Del　隐藏选中的节点\nP　设为路径的起点、终点\nF 或 0　全图\nCtrl+Z、Ctrl+Y　撤销、重做（20 步）\nEsc　取消选择\n?　这份帮助",
    "/　search; arrows choose, Enter replaces the canvas, Shift+Enter adds to it\n← → ↑ ↓　canvas: along edges; map: to the next link\nE　expand\nC　centre\nH, Del　hide\nP　ends of a path\nF, 0　fit\nCtrl+Z, Ctrl+Y　undo, redo (20 steps)\nEsc　clear the choice\n?　this help",
  ],
  relinput: ["上游投入", "inputs"], reluse: ["下游去向", "goes into"], relmaker: ["本地企业", "local makers"], reloutside: ["区外企业", "makers elsewhere"],
  relmakes: ["生产", "makes"], relsupplier: ["供应商", "suppliers"], relbuyer: ["客户", "customers"], relkind: ["上位产品", "kind"],
  relsubkind: ["细分产品", "sub-kinds"], relbyproduct: ["副产品", "by-products"], relmain: ["主产品", "main product"], relupgrade: ["可升级为", "upgrades to"], relimproves: ["由其升级", "upgraded from"],
  inOther: ["它在「{0}」链上，已切换", "It is on chain {0}; switched"], untitled: ["无称号的企业", "firms without titles"], noStage: ["未分段", "no stage"],
  resetFilters: ["恢复全部", "Show all"], places: ["地区", "Region"], below: ["下一级（{0}）", "Below ({0})"], dated: ["数据截至 {0}", "Data as of {0}"], onDay: ["按 {0} 的状态", "State of {0}"],
  sampled: ["只有样本，没有名录", "samples only, no register"],
  firmsBelow: ["企业列在其产品下方；指到或选中时画出连线", "Firms are listed below what they make; lines show when pointed at"],
  mapKey: ["悬停或选中时：", "Pointed at or chosen:"], supplierKey: ["供给它的环节", "what supplies it"], customerKey: ["用它的环节", "what uses it"],
  onCanvas: ["画布上的 {0} 个节点", "{0} nodes on the canvas"],
  canvasPicked: ["画布 {0} 个节点，{1} 条关系，框选 {2} 个（H 隐藏）", "{0} nodes, {1} edges, {2} picked (H hides)"],
  allShown: ["相邻节点都在画布上了", "All neighbours are shown already"], neighbours: ["全部相邻节点", "All neighbours"], show: ["加入画布", "Show"],
  shownAlready: ["已在画布", "shown"], showAll: ["全部加入（{0}）", "Show all ({0})"], lq: ["区位商 LQ", "LQ"], hhi: ["集中度 HHI", "HHI"],
  howMade: ["所在地内存续、生产它或其细分产品、置信度达到口径的企业数；名单见下。", "Active firms here that make it or a kind of it with enough confidence; listed below."],
  howNation: ["图谱里全国生产它的企业数；逐家列在「全部相邻节点」。", "Firms anywhere in the store that make it; see all neighbours."],
  howBuyers: ["所在地内生产它的下游环节的企业数；逐家列在缺口的证据里。", "Firms here that make something it goes into; see the evidence of the gap."],
  howReviews: ["关联把握不够、等人复核的企业数，不计入本地企业。", "Firms whose link waits for a person's decision; not counted."],
  howLq: [
    "（n_vρ ÷ Σn_vρ）÷（n_v ÷ Σn_v），n 为生产企业数（Balassa 1965）；小于 1 说明本地偏少。",
    "(n_vρ ÷ Σn_vρ) ÷ (n_v ÷ Σn_v), n = makers (Balassa 1965); below 1: fewer than usual.",
  ],
  howHhi: [
    "Σs²，s 为产值份额，没有则用注册资本，再没有则均分；大于 0.25 说明集中在少数企业。",
    "Σs², s = share of output, else of capital, else equal; above 0.25: few firms hold it.",
  ],
  twice: ["「{0}」已在推演里", "{0} is in the scenario already"], needName: ["先写方案名称", "Name the scenario first"],
  notHere: ["「{0}」不在这条链上", "{0} is not on this chain"], idea: ["引进{0}（补{1}）", "{0} comes (fills {1})"],
  ideas: [
    "还没有推演。可以从这里开始，或在上面写企业；也可以在环节或企业的详情里点「推演引进」「推演撤出」。",
    "Nothing supposed yet. Begin here or above; details of links and firms have buttons too.",
  ],
  sum: [
    "状态变化 {0} 个环节，另有 {1} 个只是家数变化；关系接通 {2} 条、断开 {3} 条；缺口消除 {4} 个、变化 {5} 个、新增 {6} 个。",
    "{0} links change status, {1} only in number of firms; {2} relations opened, {3} broken; {4} gaps closed, {5} changed, {6} new.",
  ],
  changedCounts: ["家数变化、状态不变（{0} 个）", "Number of firms changes, status stays ({0})"], altered: ["变化", "changed"],
  boards: ["推演前后（上半为现在，下半为推演后；把企业拖到环节上即引进）", "Before and after (upper half now, lower half then; drag a firm onto a link to let it come)"],
  dragHow: ["把企业拖到下面的环节上；用键盘：在环节详情的招引目标旁按「推演引进」，或在上面「引进」里写企业和环节。", "Drag a firm onto a link below; by keyboard: press What if it came beside a target, or fill in Comes above."],
  targetsFor: ["招引目标（{0} 家）", "Target firms ({0})"], dropHere: ["{0}：现在 {1}，推演后 {2}", "{0}: now {1}, then {2}"],
  notLocal: ["「{0}」不在本地或不在这条链上，撤出没有影响", "{0} is not here or not on this chain: nothing would change"],
  figuresChange: ["指标变化", "Indicators"], zoomIn: ["放大", "Larger"], zoomOut: ["缩小", "Smaller"], zoomFit: ["适合宽度", "Fit width"],
  helpMore: [
    "拖动节点即固定位置；按住 Shift 拖动可框选。产业链图可拖动，Ctrl+滚轮缩放。每条缺口、目标和企业点「看证据」可到来源文件和行。地址栏记住全部状态，可收藏、可转发。",
    "Dragging pins a node; Shift and drag picks a box of nodes. The map can be dragged, Ctrl and wheel zooms. Evidence goes down to file and row. The address keeps the whole state.",
  ],
  fill: ["补链", "fill"], extend: ["延链", "extend"], strengthen: ["强链", "strengthen"], upgrade: ["提链", "upgrade"], verify: ["先核实", "verify"],
};
let english = false;
export const setLanguage = (lang) => {
  english = lang === "en";
  document.documentElement.lang = english ? "en" : "zh-CN";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-aria]")) element.setAttribute("aria-label", word(element.dataset.aria));
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = word(element.dataset.placeholder);
};
export const isEnglish = () => english;
export const word = (key, ...values) => values.reduce((text, value, at) => text.replace(`{${at}}`, () => value), WORDS[key][english ? 1 : 0]);
const NAMES = {补链: "fill", 延链: "extend", 强链: "strengthen", 提链: "upgrade", 先核实: "verify"};
export const ACTIONS = Object.keys(NAMES); // in the order in which they are taken up
export const action = (name) => (ACTIONS.includes(name) ? word(NAMES[name]) : name);


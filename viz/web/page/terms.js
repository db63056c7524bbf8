// Fixed words that the data use, in English where the page is; whatever is no such word stays as it is.
import {isEnglish} from "./words.js";

const TERMS = {
  上游: "upstream", 中游: "midstream", 下游: "downstream",
  本地: "here", 县: "county", 市: "city", 省: "province", 全国: "country", 园区: "park", 省内未见: "not seen in province", 省内没有: "not in province", 不详: "unknown",
  断点: "break", 外购: "bought from outside", 上游延伸: "extends upstream", 下游延伸: "extends downstream", 升级: "upgrade", 无本地上下游: "no local links beside it",
  单一企业: "one firm only", 集中度: "concentration", 区位商: "location quotient", 供需比: "supply to demand", 没有获称号企业: "no titled firm",
  本地企业: "local firm", 招引目标: "target firm", 所在地不详: "place unknown",
  环节数: "Links", 本地企业数: "Local firms", "链条完整度（加权）": "Completeness (weighted)", "链条完整度（简单）": "Completeness (plain)",
  "链条完整度（路径）": "Completeness (paths)", 待核环节数: "Links to verify", "本地配套率（采购额口径）": "Local supply (by purchases)",
  "本地配套率（节点覆盖口径）": "Local supply (by links)", 外流采购额: "Purchases that leave", 平均区位商: "Mean location quotient",
  "平均集中度 HHI": "Mean concentration HHI", 关键环节具备率: "Key links held", "上游/中游/下游具备数（按投入层次）": "Held upstream/midstream/downstream (by level of making)",
  "纵向成链（供应联系）": "Links joined by supply",
  个: "", 家: "", "万元/年": "10k yuan a year", 物料: "material", 设备: "equipment", 服务: "service",
  "注册资本（万元）": "Capital (10k yuan)", "营业收入（万元）": "Revenue (10k yuan)", "产值（万元）": "Output (10k yuan)", 员工人数: "Employees", 成立日期: "Founded",
  行业: "Industry", 股票代码: "Stock code", 主营产品: "Main products", 主营业务: "Main business", 资料来源: "Source",
  结论: "Result", 理由: "Reason", 把握: "Certainty", 定义: "Definition", 优势: "strong", 具备: "covered", 薄弱: "weak", 缺失: "missing", 疑似缺失: "suspected missing", 待核: "to verify",
};
export const term = (text) => {
  if (!isEnglish() || typeof text !== "string") return text;
  if (text in TERMS) return TERMS[text];
  const parts = text.split("、");
  return parts.length > 1 && parts.every((part) => part in TERMS) ? parts.map((part) => TERMS[part]).join(", ") : text;
};

"""A slow second opinion on every query: plain sets, dicts and fractions, written from the words of the domain alone.

It reads plain rows as `queries_graphs.graph` makes them, knows nothing of stores and frames, and works out every number by
going through all rows again.
"""

from __future__ import annotations

from fractions import Fraction

from oracle_shape import MATERIAL, Shape

CHINA = "000000"
WEIGHTS = {"need": "0.30", "importance": "0.25", "structure": "0.15", "break": "0.10", "distance": "0.10", "supply": "0.10"}
FACTORS = {"补链": "1", "强链": "0.8", "提链": "0.75", "延链": "0.7", "先核实": "0.5"}
TARGET_WEIGHTS = {"size": "0.25", "ties": "0.25", "confidence": "0.20", "titles": "0.10", "closeness": "0.10", "breadth": "0.10"}
DISTANCES = {"县": "0.25", "市": "0.5", "省": "0.75", "省内没有": "1", "省内未见": "0.75", "本地": "0", "不详": "0.5"}
NEXT_TO_SHANXI = {"13", "15", "41", "61"}


def exact(number):
    return None if number is None else Fraction(str(number))


class Oracle(Shape):
    """Everything the queries say of one chain in one place."""

    def __init__(self, rows, place, rules=None, *, chain="链"):
        """`rules`: anything with the thresholds as attributes; the project's defaults without."""
        self.rows, self.place = rows, place
        self.tau, self.roles = getattr(rules, "tau", 0.65), getattr(rules, "roles", ("物料", "设备", "服务"))
        self.hhi_max, self.theta = exact(getattr(rules, "hhi_max", 0.25)), exact(getattr(rules, "theta", 0.8))
        self.sources = {row["id"]: row for row in rows["sources"]}
        held = [row for row in rows["sources"] if row["kind"] not in ("chain", "link", "review")] or rows["sources"]
        self.today = max(row["as_of"] or "" for row in held)
        members = [row for row in rows["chain_products"] if row["chain"] == chain]
        self.members = {row["product"]: row for row in sorted(members, key=lambda row: (row["position"], row["product"]))}
        self.products = list(self.members)
        self.defined = {row["id"]: row for row in rows["products"]}
        self.arcs = self._arcs()
        self.kinds = {(row["product"], row["kind"]) for row in rows["kinds"]}
        self.firms = self._firms()
        self.facts = self._facts()
        self.covered = {v for v in self.products if self.local(v)}
        self.available = self.covered | {v for v, main in self._within_chain("byproducts", "product", "main") if main in self.covered}

    # -- what is given

    def _arcs(self):
        """(u, v) to role, coefficient, group; several statements of one arc are one."""
        found = {}
        for row in self.rows["inputs"]:
            ends = row["input"], row["product"]
            if row["role"] in self.roles and set(ends) <= set(self.products) and ends[0] != ends[1]:
                found.setdefault(ends, []).append(row)
        return {
            ends: (min((row["role"] for row in said), key=("物料", "设备", "服务").index),
                   next((exact(row.get("coefficient")) for row in said if row.get("coefficient") is not None), None),
                   next((row.get("group") for row in said if row.get("group")), None))
            for ends, said in found.items()}

    def _within_chain(self, table, one, other, marked=None):
        """Pairs of products of the chain that a table states; only the marked rows if a mark is named."""
        pairs = {(row[one], row[other]) for row in self.rows.get(table, ()) if marked is None or row.get(marked)}
        return {pair for pair in pairs if set(pair) <= set(self.products)}

    def _firms(self):
        """Every firm with what its best row says, column by column: lists before parties, registers before samples."""
        said = {}
        for row in self.rows["enterprises"]:
            said.setdefault(row["id"], []).append(row)
        for row in self.rows["makes"]:
            said.setdefault(row["enterprise"], [])
        names = ("name", "region", "park", "entry", "established", "dissolved", "status", "registered_capital", "revenue")

        def standing(row):
            source = self.sources[row["source"]]
            age = -int((source["as_of"] or "0").replace("-", ""))
            return row.get("entry") == "party", source["kind"] != "register", age, row["source"], row["row"]

        def best(rows, name):
            return next((row[name] for row in sorted(rows, key=standing) if row.get(name) is not None), None)

        return {firm: {name: best(rows, name) for name in names} for firm, rows in said.items()}

    def _facts(self):
        """Firm and product to the one MAKES that counts: a person's latest word, else the surest source, else link."""
        said = {}
        for row in self.rows["makes"]:
            said.setdefault((row["enterprise"], row["product"]), []).append(row)
        def weight(row):
            order = -int(row["decided_on"].replace("-", "")) if row["method"] == "review" else -row["confidence"]
            return ["review", "stated", "link"].index(row["method"]), order, row["source"], row["row"]

        return {ends: min(rows, key=weight) for ends, rows in said.items()}

    def active(self, firm):
        facts = self.firms[firm]
        if facts["established"] and facts["established"] > self.today:
            return False
        return facts["dissolved"] > self.today if facts["dissolved"] else facts["status"] != "dissolved"

    def inside(self, firm, place):
        facts = self.firms[firm]
        if place.startswith("park:"):
            return facts["park"] == place.removeprefix("park:")
        return place == CHINA or (facts["region"] or "-").startswith(stem(place))

    def here(self):
        return [firm for firm in self.firms if self.active(firm) and self.inside(firm, self.place)]

    def below(self, product):
        """The product and all kinds of it."""
        found, grown = {product}, True
        while grown:
            more = {sub for sub, kind in self.kinds if kind in found} | found
            grown, found = more != found, more
        return found

    def makers(self, product):
        """Firms anywhere that make the product or a kind of it."""
        return {
            firm for (firm, made), row in self.facts.items()
            if made in self.below(product) and row["state"] == "confirmed" and row["confidence"] >= self.tau
            and self.active(firm)}

    def local(self, product, place=None):
        return {firm for firm in self.makers(product) if self.inside(firm, place or self.place)}

    def reviews(self, product):
        doubted = {firm for (firm, made), row in self.facts.items() if made in self.below(product) and row["state"] != "rejected"}
        return {firm for firm in doubted if self.active(firm) and self.inside(firm, self.place)} - self.makers(product)

    def generic(self, product):
        """Local makers of a kind of which the product is a sub-kind, who say of no sub-kind that they make it."""
        kinds = {kind for _, kind in self.kinds if product in self.below(kind) and kind != product}
        return {
            firm for kind in kinds for firm in self.local(kind)
            if not any(firm in self.makers(sub) for sub in self.below(kind) - {kind})}

    def silent(self, product):
        """Local makers of what the product commonly is made along with: as an input of their own, or as by-product."""
        along = self._within_chain("inputs", "input", "product", "captive") | self._within_chain("byproducts", "product", "main")
        return {firm for v, other in along if v == product for firm in self.local(other)}

    def perhaps_here(self, firm):
        """Whether all that is known of where a firm lies is a region around the place."""
        region, home = self.firms[firm]["region"], self.home()
        if None in (region, home) or CHINA in (region, home) or not home.startswith(stem(region)):
            return False
        return self.firms[firm]["park"] is None if self.place.startswith("park:") else region != home

    def titles(self, firm):
        return {row["title"] for row in self.rows["titles"] if row["enterprise"] == firm}

    # -- status

    def reason(self, product):
        near = {firm for firm in self.makers(product) if self.perhaps_here(firm)}
        denied = {firm for (firm, made), row in self.facts.items()
                  if made == product and row["state"] == "rejected" and row["method"] != "link"}
        if self.reviews(product) or (self.generic(product) | self.silent(product) | near) - denied:
            return "d"
        if not self.makers(product):
            return "a"
        expected = max((row["expected_enterprises"] for row in self.rows["regions"] if row["code"] == self.place), default=0)
        if len(self.here()) * 10 < expected * 3:
            return "c"
        dates = [row["as_of"] or "" for row in self.rows["sources"] if row["kind"] == "register" and self._within(row["region"])]
        if not dates:
            return "b"
        year, rest = max(dates)[:4] or "0", max(dates)[4:]
        return "e" if f"{int(year) + 3:04}{rest}" < self.today else ""

    def _within(self, region):
        home = self.home()
        return region is not None and home is not None and (region == CHINA or home.startswith(stem(region)))

    def home(self):
        if not self.place.startswith("park:"):
            return self.place
        return next((row["region"] for row in self.rows["parks"] if row["id"] == self.place.removeprefix("park:")), None)

    def open_users(self, product):
        """Locally made products into which it goes and for which nobody local makes a substitute."""
        return [user for user in self.users(product) if user in self.covered and not self._substituted(product, user)]

    def _substituted(self, product, user):
        group = self.arcs[product, user][2]
        return group is not None and any(
            v == user and g == group and u != product and u in self.covered for (u, v), (_, _, g) in self.arcs.items())

    def buyers(self, users):
        return set().union(*(self.local(user) for user in users))

    def quotient(self, product):
        total = {v: len(self.local(v)) for v in self.products}
        nation = {v: len(self.makers(v)) for v in self.products}
        if not sum(total.values()) or not nation[product]:
            return None
        return Fraction(total[product], sum(total.values())) / Fraction(nation[product], sum(nation.values()))

    def output(self, firm, product):
        known = [exact(row.get("output")) for (who, made), row in self.facts.items()
                 if who == firm and made in self.below(product) and row["state"] == "confirmed" and row.get("output") is not None]
        return sum(known) if known else None

    def all_output(self, product):
        """Output of all local makers, None unless every one is known."""
        amounts = [self.output(firm, product) for firm in self.local(product)]
        return None if not amounts or None in amounts else sum(amounts)

    def hhi(self, product):
        firms = sorted(self.local(product))
        if not firms:
            return None
        outputs = [self.output(firm, product) for firm in firms]
        capitals = [exact(self.firms[firm]["registered_capital"]) or None for firm in firms]
        for amounts in (outputs, capitals):
            if None not in amounts and sum(amounts):
                return sum((amount / sum(amounts)) ** 2 for amount in amounts)
        return Fraction(1, len(firms))

    def supply_ratio(self, product):
        users = [user for user in self.users(product) if user in self.covered]
        needs = [(self.arcs[product, user][1], self.all_output(user)) for user in users]
        supply = self.all_output(product)
        if not needs or supply is None or any(None in need for need in needs) or not sum(a * b for a, b in needs):
            return None
        return supply / sum(a * b for a, b in needs)

    def failed(self, product):
        """Tests of strength that a locally made product fails."""
        firms = self.local(product)
        if not firms:
            return []
        ratio = self.supply_ratio(product)
        tests = {
            "单一企业": len(firms) == 1,
            "集中度": len(firms) > 1 and self.hhi(product) > self.hhi_max,
            "区位商": self.quotient(product) < 1,
            "供需比": ratio is not None and ratio < self.theta,
            "没有获称号企业": any(self.titles(firm) for firm in self.here()) and not any(self.titles(firm) for firm in firms),
        }
        return [name for name, fails in tests.items() if fails]

    def status(self, product):
        if product not in self.covered:
            return "unknown" if self.reason(product) else "missing"
        if self.failed(product):
            return "weak"
        return "strong" if self.quotient(product) >= Fraction(5, 4) else "covered"

    def standing(self):
        """One dict a product, in chain order."""
        names = {"missing": "缺失", "weak": "薄弱", "covered": "具备", "strong": "优势", "unknown": "待核"}
        return [{
            "product": v, "makers": len(self.local(v)), "national": len(self.makers(v)), "reviews": len(self.reviews(v)),
            "covered": v in self.covered, "buyers": len(self.buyers(set(self.users(v)) & self.covered)),
            "open_buyers": len(self.buyers(self.open_users(v))), "lq": number(self.quotient(v)), "hhi": number(self.hhi(v)),
            "supply_ratio": number(self.supply_ratio(v) if v in self.covered else None), "tests": "、".join(self.failed(v)),
            "status": self.status(v), "reason": "" if v in self.covered else self.reason(v),
            "label": "疑似缺失" if v not in self.covered and self.reason(v) == "b" else names[self.status(v)],
        } for v in self.products]

    # -- actions

    def gaps(self):
        """One dict an action and product, in no order."""
        rows = [*self._fill(), *self._extend(), *self._strengthen(), *self._upgrade()]
        named = {row[0] for row in rows}
        rows += [(v, "先核实", "无本地上下游", 0) for v in self.products if v not in named and self.status(v) == "unknown"]
        return [self._scored(*row) for row in rows]

    def _fill(self):
        for v in self.products:
            n = len(self.buyers(self.open_users(v)))
            if v not in self.covered and n:
                role = Fraction(1) if any(self.arcs[v, user][0] == MATERIAL for user in self.open_users(v)) else Fraction(1, 2)
                yield v, "补链", "断点" if set(self.inputs(v)) & self.covered else "外购", Fraction(n, n + 3) * role

    def _extend(self):
        for v in self.products:
            if v in self.covered or set(self.users(v)) & self.covered:
                continue
            if set(self.inputs(v, MATERIAL)) & self.available:
                yield v, "延链", "下游延伸", self.feed_share(v)
            elif not self.inputs(v) and set(self.users(v)) & self.hull():
                yield v, "延链", "上游延伸", Fraction(1, 2)

    def _strengthen(self):
        for v in self.products:
            if self.failed(v):
                yield v, "强链", "、".join(self.failed(v)), Fraction(len(self.failed(v)), 5)

    def _upgrade(self):
        for v in self.products:
            origins = {row["product"] for row in self.rows["upgrades"] if row["successor"] == v} & self.covered
            if v not in self.covered and origins:
                n = max(len(self.local(origin)) for origin in origins)
                yield v, "提链", "升级", Fraction(n, n + 3)

    def nearest(self, product):
        if product in self.covered:
            return "本地"
        home = self.home()
        if home is None:
            return "不详"
        all_levels = [("县", 6, home), ("市", 4, home[:4] + "00"), ("省", 2, home[:2] + "0000")]
        wider = [(level, code) for level, digits, code in all_levels if digits <= len(stem(home))]
        listed = [row["region"] for row in self.rows["sources"] if row["kind"] == "register" and row["region"] is not None]
        whole = CHINA if home == CHINA else home[:2] + "0000"
        complete = any(region in (CHINA, whole) for region in listed)
        return next((level for level, code in wider if self.local(product, code)), "省内没有" if complete else "省内未见")

    def _scored(self, product, action, kind, need):
        outside = len(self.makers(product)) - len(self.local(product))
        worth = self.defined.get(product, {}).get("criticality")
        terms = {
            "need": need, "importance": Fraction(worth, 5) if worth else Fraction(1, 2),
            "structure": Fraction(product in self.key_links()), "break": Fraction(kind == "断点"),
            "distance": exact(DISTANCES[self.nearest(product)]), "supply": Fraction(outside, outside + 5)}
        score = sum(exact(WEIGHTS[name]) * term for name, term in terms.items()) * exact(FACTORS[action]) * 100
        return {
            "product": product, "action": action, "kind": kind, "status": self.status(product),
            "reason": "" if product in self.covered else self.reason(product), "outside": outside,
            "nearest": self.nearest(product), **{name: number(term) for name, term in terms.items()}, "score": number(score)}

    # -- figures

    def completeness(self):
        """Weighted, plain and path completeness, and the number of unknowns."""
        def weight(v):
            worth = self.members[v].get("weight")
            return exact(worth) if worth is not None else Fraction(self.defined.get(v, {}).get("criticality") or 1)

        whole = [all(v in self.covered for ring in path for v in ring) for path in self.paths()]
        return {
            "链条完整度（加权）": number(ratio(sum(weight(v) for v in self.covered), sum(weight(v) for v in self.products))),
            "链条完整度（简单）": number(ratio(len(self.covered), len(self.products))),
            "链条完整度（路径）": number(ratio(sum(whole), len(whole))),
            "待核环节数": float(sum(self.status(v) == "unknown" for v in self.products)),
        }

    # -- targets

    def targets(self, order):
        """One dict a wanted product and outside firm; `order` are the products of the gap list, best first."""
        found = [(v, firm) for v in order for firm in sorted(self.makers(v))
                 if not self.inside(firm, self.place) and not self.perhaps_here(firm) and self.firms[firm]["entry"] != "party"
                 and self.firms[firm]["status"] != "unknown"]
        return [self._target(v, firm, found) for v, firm in found]

    def _target(self, product, firm, found):
        sizes = [self.size(other, product) for v, other in found if v == product]
        known, size = [other for other in sizes if other is not None], self.size(firm, product)
        place = Fraction(3, 10)  # where its size is not known
        if size is not None:
            smaller, same = sum(other < size for other in known), sum(other == size for other in known)
            place = (smaller + Fraction(same + 1, 2)) / len(known) if len(known) > 1 else Fraction(1, 2)
        deals = [(row["supplier"], row["buyer"]) for row in self.rows["supplies"]]
        tied = {other for deal in deals if firm in deal for other in deal if other != firm and self.inside(other, self.place)}
        more, held = sum(other == firm for _, other in found) - 1, len(self.titles(firm))
        terms = {
            "size": place, "ties": Fraction(len(tied), len(tied) + 1),
            "confidence": max(exact(row["confidence"]) for (who, made), row in self.facts.items()
                              if who == firm and made in self.below(product) and row["state"] == "confirmed"),
            "titles": Fraction(held, held + 1), "closeness": self.closeness(firm), "breadth": Fraction(more, more + 2)}
        score = sum(exact(TARGET_WEIGHTS[name]) * term for name, term in terms.items()) * 100
        return {"product": product, "enterprise": firm, "tied_firms": len(tied), "other_gaps": more,
                **{f"term_{name}": number(term) for name, term in terms.items()}, "score": number(score)}

    def size(self, firm, product):
        facts = self.firms[firm]
        amounts = self.output(firm, product), exact(facts["revenue"]), exact(facts["registered_capital"])
        return next((amount for amount in amounts if amount is not None), None)

    def closeness(self, firm):
        region, home = self.firms[firm]["region"], self.home()
        if region is None or home in (None, CHINA):
            return Fraction(0)
        return Fraction(1) if region[:2] == home[:2] else Fraction(3, 5) if region[:2] in NEXT_TO_SHANXI else Fraction(1, 5)


def stem(code):
    """The digits of a code that say where it is."""
    return "" if code == CHINA else code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def ratio(part, whole):
    return Fraction(part) / Fraction(whole) if whole else None


def number(value):
    """A fraction as the nearest float, None as no number."""
    return float("nan") if value is None else float(value)

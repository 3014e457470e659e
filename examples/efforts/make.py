"""Bring the case's efforts to the register's form, with what the source said kept beside.

    python examples/efforts/make.py --source ../shared/data

The source is a reading of the appendix of STK-2023-137: facts with the line where each stands.
Whatever this script does not know it refuses, so that nothing is guessed in silence.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Final

Row = dict[str, str]
HERE: Final = Path(__file__).parent
DIMENSIONS: Final = {
    "Delaktighet": "delaktighet",
    "Utbildning": "utbildning",
    "Ekonomi": "ekonomi",
    "Boende": "boende",
    "trygghet (utanför index)": "trygghet",
    "barn och ungas uppväxtvillkor": "barn och unga",
    "fysisk miljö": "fysisk miljö",
    "flera": "flera",
    "ingen direkt": "inget",
}
STATUSES: Final = {
    "pågår": "pågår",
    "planerad": "planerad",
    "pilot": "pågår",
    "genomförd": "avslutad",
    "uppdrag": "utreds",
    "införs": "pågår",
    "påbörjad": "pågår",
    "påbörjas": "planerad",
    "pågår, fortsätter 2024": "pågår",
    "utreds": "utreds",
    "genomförd, fyra tillfällen": "avslutad",
    "pågår (tre år; slut 2026-08-31 härlett)": "pågår",
    "2022–2024": "pågår",
    "planeras, arbete pågår": "planerad",
    "pågår, minskande": "pågår",
    "avslutat 2021 resp. 2022, samverkan fortsätter": "avslutad",
    "pågår; småkontor är förslag": "pågår",
    "framtagen": "avslutad",
    "pågår, mål 2030": "pågår",
    "utreds; markanvisning på två fastigheter": "utreds",
    "pågick 4 år (nuläge oklart)": "oklart",
    "pågår; ansvar utreds": "pågår",
    "ska behandlas av kommunstyrelsen": "utreds",
}
STARTS: Final = {
    # What is not a date is no date: "4 år före svaret" stays in start_original alone.
    "2024": "2024",
    "2023-01": "2023-01",
    "hösten 2023 (härlett)": "2023",
    "2018-08 (förskolan)": "2018-08",
    "2024 vår (uppskalning)": "2024",
    "2023-09-01": "2023-09-01",
    "2022": "2022",
    "2023 höst": "2023",
    "2023 vår": "2023",
    "2019": "2019",
    "2023-09": "2023-09",
    "2023 (under året)": "2023",
    "2023": "2023",
    "flera år; lagkrav 2023": "",
    "4 år före svaret": "",
    "ca 3 år före svaret": "",
    "": "",
}
ENDS: Final = {
    "pågår (tre år; slut 2026-08-31 härlett)": "2026-08-31",
    "2022–2024": "2024",
    "avslutat 2021 resp. 2022, samverkan fortsätter": "2022",
}
GROUPS: Final = {
    "alla": ("Malmöbor", "lokalområdet", "boende", "boende i Herrgården", "besökare",
             "boende i tre delområden", "Malmöbor som blivit utsatta", "Malmöbor i hederskontext",
             "verksamheter, boende", "alla generationer", "barn, unga och vuxna",
             "boende på Rosengård", "Malmöbor på Rosengård", "boende i MKB-områden",
             "boende i exploateringsområden", "boende i Holma", "boende i Västra Hamnen",
             "Malmöbor på Möllevången", "Malmöbor, särskilt barn och unga"),
    "barn": ("barn", "förskolebarn", "elever", "vårdnadshavare och barn",
             "barn i komplexa ärenden och familj", "elever och familjer",
             "elever med hög skolfrånvaro", "elever med normbrytande beteende",
             "elever i behov av särskilt stöd", "förskolebarn och föräldrar",
             "familjer med barn som inte går i förskola", "elever i årskurs 8"),
    "unga": ("unga", "ungdomar", "ungdomar i riskzon", "gymnasieungdomar", "gymnasieelever",
             "unga vuxna", "unga i riskzon", "Malmöungdomar",
             "elever med studiebevis, språkintroduktion", "unga (härlett)"),
    "barn och unga": ("barn och unga",),
    "föräldrar": ("föräldrar", "nyblivna föräldrar", "vårdnadshavare till nyanlända barn",
                  "föräldralediga", "föräldralediga utrikesfödda kvinnor"),
    "äldre": ("äldre", "äldre Malmöbor", "seniorer", "utlandsfödda seniorer"),
    "arbetssökande": ("arbetssökande", "arbetssökande Malmöbor", "långtidsarbetslösa",
                      "personer i praktik och arbetsträning"),
    "nyanlända": ("sfi-elever", "vuxna i sfi eller sva", "nyanlända i etableringsprogrammet"),
    "personer med funktionsnedsättning": (
        "personer med funktionsnedsättning", "personer i socialpsykiatrins målgrupp",
        "socialpsykiatrins målgrupp och boende", "barn och unga med funktionsnedsättning",
        "föräldrar till barn med funktionsnedsättning", "unga med funktionsnedsättning",
        "avgångselever i anpassad gymnasieskola"),
    "verksamheter": (
        "personal som möter barn", "områdets aktörer", "idéburna organisationer", "handläggare",
        "föreningar", "föreningar för barn och unga", "planerare", "förskolor och skolor",
        "organisationer för personer med funktionsnedsättning och äldre", "förskolor efter behov",
        "förskolor i socioekonomiskt utsatta områden", "medarbetare inom Malmö stad",
        "förvaltningar", "lokalnyttjare", "fastighetsägare, aktörer", "fastighetsutvecklare",
        "fastighetsägare, föreningar, boendegrupper", "civilsamhället"),
    "annan": (
        "personer som inte kan ta sig till mötesplatser", "personer som inte nås på annat sätt",
        "utrikes födda kvinnor", "Malmöbor som kan motiveras till studier",
        "boende, näringsidkare", "näringslivet, boende", "politiker, aktörer, medborgare",
        "vissa geografiska statistikområden"),
}  # fmt: skip
EVIDENCE: Final = {
    "egen analys": "egen bedömning",
    "nämndens analyser": "egen bedömning",
    "ej angiven": "ej angiven",
    "utvärderas löpande": "följs upp",
    "systematiskt kvalitetsarbete": "följs upp",
    "utvärderad (enligt bolaget: tryggare plats)": "utvärderad",
    "försök": "ej angiven",
    "Socialstyrelsen hänvisas": "forskning åberopas",
    "modell från Skottland (GIRFEC)": "forskning åberopas",
    "vetenskaplig grund åberopas": "forskning åberopas",
}
SURE: Final = {"uttryckligt namn, läge ej angivet": "uttryckligt namn"}
TIMES: Final = {
    # The two rows of which evenings or weekends are said; no other hours are known.
    "alla dagar, till kl 21.00 eller 22.00": (("alla dagar", "kväll", "21:00"),),
    "kvällar och helger; förslag till minst 02.00": (
        ("vardagar", "kväll", ""),
        ("helger", "kväll", ""),
    ),
}


def read(path: Path) -> list[Row]:
    """Return a file's rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def group_of(text: str) -> str:
    """Return the target group a text belongs to."""
    return next(group for group, texts in GROUPS.items() if text in texts)


def evidence_of(text: str) -> str:
    """Return what the form calls the evidence a text speaks of."""
    own = text.startswith("egen bedömning:")
    return "egen bedömning" if own else EVIDENCE[text]


def effort(said: Row) -> Row:
    """Return one row of efforts."""
    themes = [DIMENSIONS[part.strip()] for part in said["tema_dimension"].split(";")]
    return {
        "rad_id": said["omnämnande_id"],
        "insats_id": said["insats_id"],
        "namn": said["namn"],
        "namnd": said["nämnd_eller_bolag"],
        "kategori": said["kategori"],
        "tema": "; ".join(themes),
        "indikator": said["tema_indikator"],
        "malgrupp": group_of(said["målgrupp"]),
        "samverkan": said["samverkan"],
        "start": STARTS[said["start"]],
        "slut": ENDS.get(said["status"], ""),
        "status": STATUSES[said["status"]],
        "evidens": evidence_of(said["evidens"]),
        "kalla": said["källa"],
        "kalla_rad": said["källa_rad"],
        "tema_original": said["tema_dimension"],
        "malgrupp_original": said["målgrupp"],
        "status_original": said["status"],
        "start_original": said["start"],
        "tider_original": said["tider"],
        "evidens_original": "" if said["evidens"] == "ej angiven" else said["evidens"],
    }


def place(said: Row) -> Row:
    """Return one row of places; the appendix gives no shares, so that all of them are equal."""
    # One school lies in either of two sub-areas of one area: the area is known, the sub-area not.
    one = ";" not in said["delomr_namn"]
    return {
        "rad_id": said["omnämnande_id"],
        "plats_namn": said["plats_namn"],
        "plats_typ": said["plats_typ"],
        "delomrade": said["delomr_namn"] if one else "",
        "kod": said["geso_kod"],
        "plats_sakerhet": SURE.get(said["plats_säkerhet"], said["plats_säkerhet"]),
        "publik": "nej",
        "skyddad": "nej",
    }


def times(said: Row) -> list[Row]:
    """Return the times of one effort."""
    return [
        {"rad_id": said["omnämnande_id"], "veckodag": day, "tid_pa_dagen": part, "till": until}
        for day, part, until in TIMES.get(said["tider"], ())
    ]


def main() -> None:
    """Write the three tables."""
    from geolyft.action.efforts.form import tables  # noqa: PLC0415 - after the arguments

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="Folder of the reading.")
    source = parser.parse_args().source
    mentioned = read(source / "insatser.csv")
    rows = {
        "insatser": [effort(each) for each in mentioned],
        "platser": [place(each) for each in read(source / "insatser_platser.csv")],
        "tider": [row for each in mentioned for row in times(each)],
    }
    for table, made in rows.items():
        name = "insatser.csv" if table == "insatser" else f"insatser_{table}.csv"
        with (HERE / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(tables()[table]), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(made)
        print(f"{name}: {len(made)} rows")


if __name__ == "__main__":
    main()

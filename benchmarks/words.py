"""Words for seeded events: ours, in Swedish, some common and some rare."""

SYSTEMS = [
    "Journalsystemet", "Lönesystemet", "E-posten", "Röntgenarkivet", "Filservern", "Växeln",
    "Passersystemet", "Labbsystemet", "Intranätet", "Bokningen", "Arkivet", "Reservkraften",
]  # fmt: skip
STARTS = [
    "Det går inte att logga in i", "Skärmen blev svart i", "Fel patient visas i",
    "En okänd fil ligger i", "Någon har lämnat en utskrift från", "Ett larm kom från",
    "En besökare såg uppgifter ur", "Ett misstänkt mejl nämner", "Lösenordet delades till",
    "En dator stod öppen med", "Säkerhetskopian saknas för", "Uppdateringen stoppade",
]  # fmt: skip
ENDS = [
    "Vi arbetar på papper tills vidare.", "Kollegan stängde av datorn.", "Ingen vet hur länge.",
    "Leverantören är kontaktad.", "Det har hänt en gång förut.", "Patienter väntar.",
    "Vi har bytt lösenord.", "Inget verkar ha försvunnit.", "Flera avdelningar berörs.",
    "Väktaren hittade det i natt.", "Det löste sig av sig självt.", "Vi behöver hjälp snart.",
]  # fmt: skip
RARE = [
    "kryptovirus", "ventilationsrum", "bårhus", "helikopterplatta", "mikrofilm", "faxrulle",
    "kylanläggning", "personsökare", "likströmscentral", "blodbank", "dosimeter", "kassaskåp",
]  # fmt: skip

import Foundation
import RecordLinkage
import Storage
import TestSupport
import Testing

@testable import Registry

@Suite("Finding a person")
struct FinderTests {
    @Test("finds whom the register lists, from what is said, and follows what link runs change")
    func find() throws {
        try Fixture.use(.sqlite) { registry, folder in
            #expect(throws: RegistryError.self) { try PersonFinder(registry).prepare() }
            var residents = Town().residents
            residents[10].name = "HALIMATUS SAKDIYAH"
            try ingest(registry, folder, "dukcapil", Resident.file(residents))
            _ = try ingest(registry, folder, "pkh-list", Town().list(0..<300) { _, _ in })
            _ = try registry.link()
            let finder = try PersonFinder(registry)
            func first(_ question: PersonQuestion) throws -> String? {
                try finder.find(question, as: registry.everywhere()).first?.values[1]
            }
            let own = residents[10]
            #expect(try first(PersonQuestion(name: "Halimatus Sakdiyah")) == own.nik)
            #expect(try first(PersonQuestion(name: "HALIMATUS SAK", birthDate: own.born, isPartial: true)) == own.nik)
            let typed = try finder.find(PersonQuestion(name: "SITI AMI", isPartial: true), as: registry.everywhere())
            #expect(typed.count > 1, "many have the name, and none of them is likely")
            #expect(typed.first?.values[0]?.hasPrefix("SITI AMI") == true, "\(typed.map(\.values))")
            #expect(
                try finder.find(PersonQuestion(name: "XYZZY QWERT", isPartial: true), as: registry.everywhere()).isEmpty
            )
            #expect(try first(PersonQuestion(nik: own.nik)) == own.nik)
            #expect(try first(PersonQuestion(name: "HJ. Halimatus Sa'diyah", birthDate: own.born)) == own.nik)
            let family = try finder.find(PersonQuestion(familyNumber: own.card), as: registry.everywhere())
            #expect(Set(family.prefix(4).map(\.values[4])) == [own.card], "all of the card")
            #expect(try finder.find(PersonQuestion(), as: registry.everywhere()).isEmpty)
            #expect(
                try finder.find(PersonQuestion(birthDate: "1980-01-01"), as: registry.everywhere()).isEmpty,
                "a date alone is nobody")
            let match = try #require(
                finder.find(PersonQuestion(name: own.name, birthDate: own.born), as: registry.everywhere()).first)
            #expect(match.probability > 0.9)
            let sum = match.explanation.parts.reduce(match.explanation.prior + match.explanation.kin) {
                $0 + $1.weight + $1.rarity
            }
            #expect(abs(sum - match.weight) < 1e-9)

            residents[10].name = "NUR HALIZAH MUKAROMAH"
            residents.remove(at: 20)
            let gone = Town().residents[20]
            residents.append(
                Resident(
                    nik: number(7777, "550175"), card: number(9000), name: "ZULAIKHA MUTHMAINNAH", sex: "P",
                    born: "1975-01-15"))
            try ingest(registry, folder, "dukcapil", Resident.file(residents), "2025-10-01")
            _ = try registry.link()
            #expect(try first(PersonQuestion(name: "ZULAIKHA MUTHMAINNAH")) == number(7777, "550175"))
            #expect(try first(PersonQuestion(name: "NUR HALIZAH MUKAROMAH")) == own.nik)
            #expect(
                try !finder.find(PersonQuestion(nik: gone.nik), as: registry.everywhere()).contains {
                    $0.values[1] == gone.nik
                })
        }
    }

    @Test("on the list before: the dead, the doubled and those who left, each once and with what it costs")
    func lists() throws {
        try Fixture.use(.sqlite) { registry, folder in
            let town = Town(40)
            try ingest(registry, folder, "dukcapil", Resident.file(town.residents))
            let dead = town.residents[8]
            try ingest(
                registry, folder, "dukcapil-deaths",
                "nomor_akta,nik,nama,tanggal_lahir,tanggal_meninggal\n"
                    + "A1,\(dead.nik),\(dead.name),\(dead.born),2025-02-01\n"
                    + "A2,\(number(4321)),TIDAK TERDAFTAR,1980-05-17,2024-02-01\n")
            func line(_ id: Int, _ resident: Resident, _ amount: Int) -> String {
                "K\(id),\(resident.card),\(resident.nik),\(resident.name),\(amount)\n"
            }
            let list = try ingest(
                registry, folder, "pkh-list",
                "nomor_kepesertaan,no_kk,nik_pengurus,nama_pengurus,nominal\n" + line(1, town.residents[2], 100_000)
                    + line(2, town.residents[1], 200_000) + line(3, dead, 300_000)
                    + "K4,,\(number(4321)),TIDAK TERDAFTAR,400000\nK5,,\(number(4322)),SIAPA SAJA,500000\n")
            _ = try registry.link()
            let found = try #require(registry.recipientLists().first)
            #expect(found.rows == 5 && found.amount == 1_500_000)
            #expect(
                found.findings.map { "\($0.place.line) \($0.kind.rawValue) \($0.amount)" } == [
                    "3 doubled 200000", "4 dead 300000", "5 dead 400000", "6 not_found 500000",
                ])
            #expect(found.findings[0].other == RowPlace(batch: list.batch, line: 2))
            #expect(found.sum(.dead) == (2, 700_000))
        }
    }
}

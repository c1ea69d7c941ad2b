import Journal
import Registry
import Storage
import TestSupport
import Testing

@testable import Access

/// The error of access that a closure throws, where it is one.
func refusal(_ body: () throws -> Void) -> AccessError? {
    do {
        try body()
        return nil
    } catch {
        return error as? AccessError
    }
}

func region(_ text: String) throws -> RegionCode { try #require(RegionCode(text)) }

extension Accounts {
    /// Somebody as if signed in.
    func principal(_ name: String) throws -> Principal {
        let account = try account(name)
        return Principal(
            account: account.number, name: account.name, fullName: account.fullName,
            duties: account.duties.filter(\.isConfirmed))
    }
}

@Suite("The table of rights")
struct RoleTests {
    @Test("excludes both ways or neither, and nobody by itself")
    func exclusion() {
        for one in Role.allCases {
            #expect(!one.excludes(one))
            for other in Role.allCases { #expect(one.excludes(other) == other.excludes(one)) }
        }
    }

    @Test("gives each right to somebody, and none about persons to who pays, examines or manages accounts")
    func rights() {
        for right in Right.allCases { #expect(Role.allCases.contains { $0.rights.contains(right) }) }
        for role in [Role.payer, .auditor, .administrator] {
            #expect(role.rights.isDisjoint(with: [.findPersons, .reviewLinks]))
        }
    }

    @Test("reaches into the regions of the duties that have the right, and all that lies in them")
    func reach() throws {
        let village = Duty(
            number: 1, role: .village, region: try region("35.10.16.1014"), grantedBy: "a", isConfirmed: true)
        let district = Duty(
            number: 2, role: .district, region: try region("35.10.01"), grantedBy: "a", isConfirmed: true)
        let siti = Principal(account: 1, name: "siti", fullName: "Siti", duties: [village, district])
        #expect(siti.may(.findPersons, in: try region("35.10.16.1014")))
        #expect(siti.may(.reviewLinks, in: try region("35.10.01.2001")))
        #expect(try !siti.may(.reviewLinks, in: region("35.10.16.1014")), "a village office reviews nothing")
        #expect(try !siti.may(.findPersons, in: region("35.10.16")), "a village is not its district")
        #expect(try !siti.may(.reviewLinks, in: region("35.10")))
        let reach = try siti.reach(.reviewLinks, for: "/tinjau")
        #expect(reach.actor == "account:siti" && reach.purpose == "/tinjau")
        #expect(reach.covers(try region("35.10.01")))
        #expect(try !reach.covers(region("35.10.16.1014")))
        #expect(refusal { _ = try siti.reach(.manageAccounts, for: "x") } == .notPermitted(.manageAccounts))
    }
}

@Suite("Accounts")
struct AccountTests {
    private static func nik(_ text: String) -> NIK? {
        switch NIK.assess(text, madeUp: true) {
        case .valid(let nik), .suspicious(let nik, _): nik
        case .invalid: nil
        }
    }

    @Test(
        "are made once each, with a password that must be changed, and keep of a NIK its hash alone",
        arguments: Database.Engine.allCases)
    func making(engine: Database.Engine) throws {
        try TestStaff.use(engine) { accounts, _, database in
            let nik = try #require(Self.nik("3599015708570001"))
            let password = try accounts.make(
                "siti.rahma", fullName: "Siti  Rahma", nik: nik, by: .command("command:root"))
            #expect(password.count == 23)
            let made = try accounts.account("siti.rahma")
            #expect(made.fullName == "Siti Rahma" && made.state == .active && made.mustChange)
            #expect(!made.hasAuthenticator && !made.isLocked && made.duties.isEmpty)
            #expect(
                refusal { _ = try accounts.make("siti.rahma", fullName: "Siti", by: .command("x")) }
                    == .nameTaken("siti.rahma"))
            for name in ["", "ab", "Siti", "1siti", "siti rahma", "siti;--", String(repeating: "a", count: 41)] {
                #expect(
                    refusal { _ = try accounts.make(name, fullName: "Siti", by: .command("x")) } == .badName(name))
            }
            #expect(refusal { _ = try accounts.make("budi", fullName: "B", by: .command("x")) } == .badName("B"))
            #expect(refusal { _ = try accounts.account("budi") } == .unknownAccount("budi"))
            let stored = try database.read { connection in
                try connection.first("SELECT password, nik FROM account") { ($0.text(0), $0.bytes(1)) }
            }
            #expect(stored?.0.contains(password) == false && stored?.1.count == 16)
            let entries = try database.read { try Journal.entries(about: "account:siti.rahma", on: $0) }
            #expect(entries.map(\.draft.action) == ["account.made"])
            #expect(entries.allSatisfy { !$0.draft.reason.contains(password) && !$0.draft.reason.contains("3599") })
        }
    }

    @Test("have duties of the role's level in regions that are here, none that exclude each other")
    func duties() throws {
        try TestStaff.use { accounts, _, _ in
            let manager = Manager.command("command:root")
            _ = try accounts.make("siti", fullName: "Siti", by: manager)
            try accounts.grant(.agent, in: region("35.10.16.1007"), to: "siti", by: manager)
            try accounts.grant(.agent, in: region("35.10.01.2001"), to: "siti", by: manager)
            let held = try region("35.10.01.2001")
            #expect(
                refusal { try accounts.grant(.agent, in: held, to: "siti", by: manager) } == .dutyHeld(.agent, held))
            for wrong in ["35.10.16", "35.10", "33.02.01.2001", "35.10.99.2001"] {
                let place = try region(wrong)
                #expect(
                    refusal { try accounts.grant(.agent, in: place, to: "siti", by: manager) }
                        == .badRegion(.agent, place))
            }
            for role in [Role.payer, .auditor, .administrator, .statistics] {
                #expect(
                    refusal { try accounts.grant(role, in: region("35.10"), to: "siti", by: manager) }
                        == .roleExcluded(role, by: .agent))
            }
            let duties = try accounts.account("siti").duties
            try accounts.end(duties[0].number, of: "siti", reason: "moved away", by: manager)
            #expect(try accounts.account("siti").duties == [duties[1]])
            #expect(
                refusal { try accounts.end(duties[0].number, of: "siti", reason: "again", by: manager) }
                    == .unknownDuty(duties[0].number))
        }
    }

    @Test("of those who decide about many hold once a second administrator says so, never by one alone")
    func fourEyes() throws {
        try TestStaff.use { accounts, _, database in
            try accounts.hire("panca", .administrator, "35.10")
            try accounts.hire("prita", .administrator, "35.10")
            let (panca, prita) = (
                Manager.account(try accounts.principal("panca")), Manager.account(try accounts.principal("prita"))
            )
            _ = try accounts.make("dian", fullName: "Dian", duty: (.regency, try region("35.10")), by: panca)
            let duty = try #require(accounts.account("dian").duties.first)
            #expect(!duty.isConfirmed)
            #expect(try !accounts.principal("dian").may(.reviewLinks))
            #expect(refusal { try accounts.confirm(duty.number, of: "dian", by: panca) } == .needsAnother)
            try accounts.confirm(duty.number, of: "dian", by: prita)
            #expect(try accounts.principal("dian").may(.reviewLinks))
            _ = try accounts.make("wulan", fullName: "Wulan", duty: (.agent, try region("35.10.16.1007")), by: panca)
            #expect(try accounts.principal("wulan").may(.findPersons), "an agent's holds at once")
            let actions = try database.read { try Journal.entries(about: "account:dian", on: $0).map(\.draft.actor) }
            #expect(actions == ["account:panca", "account:panca", "account:prita"])
        }
    }

    @Test("are managed within the manager's regions, and nobody's by the person or by who has no right")
    func managers() throws {
        try TestStaff.use { accounts, _, _ in
            try accounts.hire("panca", .administrator, "35.10")
            try accounts.hire("dian", .regency, "35.10")
            let panca = try accounts.principal("panca")
            let own = try #require(panca.duties.first)
            #expect(
                refusal { try accounts.end(own.number, of: "panca", reason: "x", by: .account(panca)) } == .ownAccount)
            #expect(
                refusal { _ = try accounts.reset("panca", authenticator: false, by: .account(panca)) } == .ownAccount)
            let dian = Manager.account(try accounts.principal("dian"))
            #expect(
                refusal { _ = try accounts.make("baru", fullName: "Baru", by: dian) } == .notPermitted(.manageAccounts))
            #expect(
                refusal { try accounts.set(.suspended, of: "panca", reason: "x", by: dian) }
                    == .notPermitted(.manageAccounts))
            let elsewhere = Duty(
                number: 9, role: .administrator, region: try region("33.02"), grantedBy: "a", isConfirmed: true)
            let foreign = Manager.account(
                Principal(account: 99, name: "asing", fullName: "Asing", duties: [elsewhere]))
            #expect(
                refusal { try accounts.set(.suspended, of: "dian", reason: "x", by: foreign) }
                    == .notPermitted(.manageAccounts))
            #expect(
                refusal { try accounts.grant(.agent, in: region("35.10.16.1007"), to: "dian", by: foreign) }
                    == .notPermitted(.manageAccounts))
        }
    }

    @Test("a closed one stays closed, and gets nothing more")
    func closed() throws {
        try TestStaff.use { accounts, _, _ in
            let manager = Manager.command("command:root")
            try accounts.hire("dian", .regency, "35.10")
            try accounts.set(.closed, of: "dian", reason: "retired", by: manager)
            #expect(refusal { try accounts.set(.active, of: "dian", reason: "x", by: manager) } == .state(.closed))
            #expect(refusal { _ = try accounts.reset("dian", authenticator: true, by: manager) } == .state(.closed))
            #expect(
                refusal { try accounts.grant(.district, in: region("35.10.16"), to: "dian", by: manager) }
                    == .state(.closed))
            #expect(try accounts.all().isEmpty)
            #expect(try accounts.all(closed: true).map(\.name) == ["dian"])
        }
    }
}

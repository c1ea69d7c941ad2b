import Journal
import Registry
import Storage
import TestSupport
import Testing

@testable import Access

extension Accounts {
    /// Tries name and password.
    func tryPassword(
        _ name: String, _ password: String = TestStaff.password, device: String? = nil, address: String = "10.0.0.1"
    ) throws -> SignInResult {
        try signIn(SignInAttempt(name: name, password: password, device: device, address: address))
    }

    /// Signs in with the code that the authenticator shows.
    func enter(_ name: String, device: String? = nil) throws -> (session: String, device: String?) {
        guard case .moved(let first, _, .code) = try tryPassword(name, device: device) else {
            throw NotSignedIn()
        }
        let code = try #require(try code(of: name))
        guard
            case .moved(let session, let made, .full) = try give(
                code: code, session: first, device: device, label: "Firefox, Android")
        else { throw NotSignedIn() }
        return (session, made ?? device)
    }

    struct NotSignedIn: Error {}
}

@Suite("Signing in")
struct SignInTests {
    @Test(
        "the first time takes a new password and an authenticator, and gives codes for the day when that is lost",
        arguments: Database.Engine.allCases)
    func firstTime(engine: Database.Engine) throws {
        try TestStaff.use(engine) { accounts, time, database in
            let password = try accounts.make(
                "siti", fullName: "Siti Rahma", duty: (.agent, try region("35.10.16.1007")), by: .command("root"))
            guard case .moved(let first, nil, .password) = try accounts.tryPassword("SITI", password) else {
                Issue.record("the first password lets one choose another")
                return
            }
            #expect(try accounts.session(first)?.stage == .password)
            func choose(_ text: String) throws -> SignInResult {
                try accounts.choose(password: text, session: first, device: nil, label: "Firefox")
            }
            #expect(refusal { _ = try choose("pendek") } == .weakPassword(.short(fewest: 12)))
            guard case .moved(let second, nil, .authenticator) = try choose("perahu nelayan pulang") else {
                Issue.record("then comes the authenticator")
                return
            }
            #expect(try accounts.session(first) == nil, "a token is worth nothing once the next was given")
            let made = try #require(try accounts.newAuthenticator(session: second))
            #expect(try accounts.newAuthenticator(session: second) == made, "the page may be loaded again")
            func confirm(_ code: String) throws -> (SignInResult, recovery: [String]) {
                try accounts.confirmAuthenticator(code: code, session: second, device: nil, label: "Firefox")
            }
            #expect(try confirm("000000").0 == .wrong)
            let (result, codes) = try confirm(made.code(at: time.now))
            guard case .moved(let session, let device, .full) = result else {
                Issue.record("then one is in: \(result)")
                return
            }
            #expect(device != nil && codes.count == 10 && Set(codes).count == 10)
            let principal = try #require(try accounts.session(session)?.principal)
            #expect(principal.duties.map(\.role) == [.agent])
            let account = try accounts.account("siti")
            #expect(account.hasAuthenticator && !account.mustChange)

            // The phone is lost: each code serves once, typed as people type.
            guard case .moved(let again, _, .code) = try accounts.tryPassword("siti", "perahu nelayan pulang") else {
                Issue.record("from now on the code is asked for")
                return
            }
            let typed = codes[3].lowercased().replacing("-", with: " ")
            guard
                case .moved(_, _, .full) = try accounts.give(
                    code: typed, session: again, device: nil, label: "Firefox")
            else {
                Issue.record("a recovery code stands in for it")
                return
            }
            guard case .moved(let third, _, .code) = try accounts.tryPassword("siti", "perahu nelayan pulang") else {
                return
            }
            #expect(try accounts.give(code: typed, session: third, device: nil, label: "Firefox") == .wrong)
            let actions = try database.read { try Journal.entries(about: "account:siti", on: $0).map(\.draft.action) }
            #expect(
                actions == [
                    "account.made", "duty.granted", "account.password", "account.authenticator", "account.signed_in",
                    "account.recovered", "account.signed_in",
                ])
        }
    }

    @Test("takes the code after the password, each code once, and neither alone")
    func steps() throws {
        try TestStaff.use { accounts, time, _ in
            try accounts.hire("dian", .regency, "35.10")
            guard case .moved(let token, _, .code) = try accounts.tryPassword("dian") else { return }
            #expect(try accounts.session(token)?.stage == .code)
            func give(_ code: String, _ token: String) throws -> SignInResult {
                try accounts.give(code: code, session: token, device: nil, label: "")
            }
            #expect(try give("123456", token) == .wrong)
            #expect(try accounts.newAuthenticator(session: token) == nil, "who has not given it cannot set up another")
            #expect(
                try accounts.choose(password: "perahu nelayan pulang", session: token, device: nil, label: "") == .over)
            let code = try #require(try accounts.code(of: "dian"))
            guard case .moved(let session, _, .full) = try give(code, token) else { return }
            #expect(try accounts.session(session)?.stage == .full)
            #expect(try give(code, token) == .over, "the session of the first step is gone")
            guard case .moved(let other, _, .code) = try accounts.tryPassword("dian") else { return }
            #expect(try give(code, other) == .wrong, "who saw the code over a shoulder cannot use it")
            time.advance(30)
            guard case .moved(_, _, .full) = try give(try #require(try accounts.code(of: "dian")), other) else {
                Issue.record("the next code is right")
                return
            }
        }
    }

    @Test(
        "waits ever longer after wrong passwords, for names that nobody has as for others",
        arguments: Database.Engine.allCases)
    func waits(engine: Database.Engine) throws {
        try TestStaff.use(engine) { accounts, time, _ in
            try accounts.hire("dian", .regency, "35.10")
            for name in ["dian", "tidak.ada"] {
                for _ in 0..<5 { #expect(try accounts.tryPassword(name, "salah", address: name) == .wrong) }
                #expect(try accounts.tryPassword(name, "salah", address: name) == .wait(seconds: 30))
                #expect(try accounts.tryPassword(name, address: "10.9.9.9") == .wait(seconds: 30), "also the right one")
            }
            time.advance(29)
            #expect(try accounts.tryPassword("dian", address: "a") == .wait(seconds: 1))
            time.advance(1)
            #expect(try accounts.tryPassword("dian", "salah", address: "a") == .wrong)
            #expect(try accounts.tryPassword("dian", address: "a") == .wait(seconds: 60))
            time.advance(60)
            _ = try accounts.enter("dian")
            #expect(try accounts.tryPassword("dian", "salah", address: "a") == .wrong, "and all is forgotten")
            guard case .moved = try accounts.tryPassword("dian", address: "a") else {
                Issue.record("one wrong try costs no wait")
                return
            }
        }
    }

    @Test("counts the codes that are tried as it counts passwords")
    func codes() throws {
        try TestStaff.use { accounts, time, _ in
            try accounts.hire("dian", .regency, "35.10")
            guard case .moved(let token, _, .code) = try accounts.tryPassword("dian") else { return }
            for _ in 0..<5 {
                #expect(try accounts.give(code: "000000", session: token, device: nil, label: "") == .wrong)
            }
            let right = try #require(try accounts.code(of: "dian"))
            #expect(try accounts.give(code: right, session: token, device: nil, label: "") == .wait(seconds: 30))
            #expect(try accounts.tryPassword("dian") == .wait(seconds: 30), "the password does not buy more")
            time.advance(30)
            let next = try #require(try accounts.code(of: "dian"))
            guard case .moved(_, _, .full) = try accounts.give(code: next, session: token, device: nil, label: "")
            else {
                Issue.record("after the wait the right one is taken")
                return
            }
        }
    }

    @Test("slows one address down whatever names it tries, and not by right ones")
    func address() throws {
        try TestStaff.use { accounts, _, _ in
            try accounts.hire("dian", .regency, "35.10")
            for number in 0..<20 {
                #expect(try accounts.tryPassword("nama\(number)", "salah", address: "10.1.1.1") == .wrong)
                guard case .moved = try accounts.tryPassword("dian", address: "10.2.2.2") else {
                    Issue.record("an office is one address")
                    return
                }
            }
            #expect(try accounts.tryPassword("dian", address: "10.1.1.1") == .wait(seconds: 30))
            guard case .moved = try accounts.tryPassword("dian", address: "10.3.3.3") else {
                Issue.record("others are not slowed down")
                return
            }
        }
    }

    @Test("is locked to strangers after fifty wrong tries, not to a device of the account's own, until it is unlocked")
    func lock() throws {
        try TestStaff.use { accounts, time, _ in
            try accounts.hire("dian", .regency, "35.10")
            let device = try accounts.enter("dian").device
            for number in 0..<50 {
                time.advance(3600)
                #expect(try accounts.tryPassword("dian", "salah", address: "10.\(number).0.1") == .wrong)
            }
            time.advance(3600)
            #expect(try accounts.tryPassword("dian", address: "10.99.0.1") == .locked)
            #expect(try accounts.account("dian").isLocked)
            _ = try accounts.enter("dian", device: device)
            #expect(try accounts.tryPassword("dian", address: "10.99.0.1") == .locked)
            try accounts.unlock("dian", by: .command("root"))
            guard case .moved = try accounts.tryPassword("dian", address: "10.99.0.1") else {
                Issue.record("unlocked")
                return
            }
        }
    }

    @Test("many tries at one moment count each", arguments: Database.Engine.allCases)
    func together(engine: Database.Engine) async throws {
        try await TestStaff.use(engine, TestTime()) { accounts in
            try accounts.hire("dian", .regency, "35.10")
            let results = try await withThrowingTaskGroup(of: SignInResult.self) { group in
                for number in 0..<24 {
                    group.addTask { try accounts.tryPassword("dian", "salah", address: "10.0.\(number).1") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 == .wrong } == 5)
            #expect(results.count { $0 == .wait(seconds: 30) } == 19)
        }
    }
}

@Suite("A session")
struct SessionTests {
    @Test("ends when nobody does anything, after half a day, and when the account is suspended")
    func ends() throws {
        try TestStaff.use { accounts, time, _ in
            try accounts.hire("dian", .regency, "35.10")
            let (session, device) = try accounts.enter("dian")
            for _ in 0..<23 {
                time.advance(29 * 60)
                #expect(try accounts.session(session) != nil)
            }
            time.advance(60 * 60)
            #expect(try accounts.session(session) == nil, "busy or not, half a day is over")
            let (idle, _) = try accounts.enter("dian", device: device)
            time.advance(30 * 60)
            #expect(try accounts.session(idle) == nil)
            let (suspended, _) = try accounts.enter("dian", device: device)
            try accounts.set(.suspended, of: "dian", reason: "on leave", by: .command("root"))
            #expect(try accounts.session(suspended) == nil)
            #expect(try accounts.tryPassword("dian") == .wrong)
            try accounts.set(.active, of: "dian", reason: "back", by: .command("root"))
            #expect(try accounts.session(suspended) == nil, "it does not come back with the account")
            guard case .moved(let half, _, .code) = try accounts.tryPassword("dian") else { return }
            time.advance(10 * 60)
            #expect(try accounts.session(half) == nil, "between the steps nobody dawdles")
        }
    }

    @Test("is found by its token alone, which is not kept, and by no other text")
    func tokens() throws {
        try TestStaff.use { accounts, _, database in
            try accounts.hire("dian", .regency, "35.10")
            let (session, _) = try accounts.enter("dian")
            #expect(session.utf8.count == 43)
            for text in ["", "x", session + "x", String(session.dropLast()), session.uppercased()] {
                #expect(try accounts.session(text) == nil)
            }
            let kept = try database.read { try $0.first("SELECT session FROM session") { $0.bytes(0) } }
            #expect(kept == RandomText.digest(session))
            #expect(Session.formToken(session) != Session.formToken(session + "x"))
            try accounts.signOut(session)
            #expect(try accounts.session(session) == nil)
        }
    }

    @Test("a duty that ends is gone from it at once")
    func duties() throws {
        try TestStaff.use { accounts, _, _ in
            try accounts.hire("dian", .regency, "35.10")
            let (session, _) = try accounts.enter("dian")
            #expect(try accounts.session(session)?.principal.may(.reviewLinks) == true)
            let duty = try #require(accounts.account("dian").duties.first)
            try accounts.end(duty.number, of: "dian", reason: "another office", by: .command("root"))
            #expect(try accounts.session(session)?.principal.may(.reviewLinks) == false)
        }
    }

    @Test("devices are listed, signed out one by one or all at once")
    func devices() throws {
        try TestStaff.use { accounts, time, _ in
            try accounts.hire("dian", .regency, "35.10")
            let phone = try accounts.enter("dian")
            time.advance(60)
            let office = try accounts.enter("dian")
            time.advance(60)
            let dian = try accounts.principal("dian")
            let devices = try accounts.devices(of: dian)
            #expect(devices.map(\.number) == [2, 1])
            #expect(devices.allSatisfy { $0.isSignedIn && $0.label == "Firefox, Android" })
            try accounts.hire("budi", .regency, "35.10")
            try accounts.forget(device: 1, of: try accounts.principal("budi"))
            #expect(try accounts.session(phone.session) != nil, "nobody signs out another's device")
            try accounts.forget(device: 1, of: dian)
            #expect(try accounts.session(phone.session) == nil)
            #expect(try accounts.session(office.session) != nil)
            time.advance(60)
            let again = try accounts.enter("dian", device: office.device)
            #expect(again.device == office.device, "it is known")
            #expect(try accounts.devices(of: dian).map(\.number) == [2])
            try accounts.signOutEverywhere(dian)
            #expect(try accounts.session(again.session) == nil)
            #expect(try accounts.devices(of: dian).isEmpty)
        }
    }

    @Test("the password is changed by who knows the old one, and others are signed out by it")
    func change() throws {
        try TestStaff.use { accounts, time, _ in
            try accounts.hire("dian", .regency, "35.10")
            let (other, _) = try accounts.enter("dian")
            time.advance(60)
            let (own, _) = try accounts.enter("dian")
            #expect(try accounts.change(password: "salah", to: "perahu nelayan pulang", session: own) == .wrong)
            #expect(
                refusal { _ = try accounts.change(password: TestStaff.password, to: "pendek", session: own) }
                    == .weakPassword(.short(fewest: 12)))
            #expect(
                try accounts.change(password: TestStaff.password, to: "perahu nelayan pulang", session: own) == nil)
            #expect(try accounts.session(own) != nil)
            #expect(try accounts.session(other) == nil)
            #expect(try accounts.tryPassword("dian") == .wrong)
            guard case .moved = try accounts.tryPassword("dian", "perahu nelayan pulang") else {
                Issue.record("the new one is right")
                return
            }
        }
    }

    @Test("a new password from an administrator ends all, and the authenticator where the phone is lost")
    func reset() throws {
        try TestStaff.use { accounts, _, _ in
            try accounts.hire("dian", .regency, "35.10")
            let (session, _) = try accounts.enter("dian")
            let first = try accounts.reset("dian", authenticator: false, by: .command("root"))
            #expect(try accounts.session(session) == nil)
            guard case .moved(_, _, .code) = try accounts.tryPassword("dian", first) else {
                Issue.record("the code is asked for before the new password is chosen")
                return
            }
            let second = try accounts.reset("dian", authenticator: true, by: .command("root"))
            guard case .moved(_, _, .password) = try accounts.tryPassword("dian", second) else {
                Issue.record("without an authenticator there is none to ask for")
                return
            }
            #expect(try accounts.code(of: "dian") == nil)
        }
    }

    @Test("a hash of another cost is renewed by the next right password")
    func renewal() throws {
        try TestStaff.use { accounts, _, database in
            try accounts.hire("dian", .regency, "35.10")
            var policy = TestStaff.policy
            policy.cost = PasswordCost(logRounds: 5, blockSize: 8, parallelism: 1)
            let dearer = Accounts(accounts.registry, policy: policy)
            guard case .moved = try dearer.tryPassword("dian") else { return }
            let kept = try database.read { try $0.first("SELECT password FROM account") { $0.text(0) } }
            #expect(kept?.hasPrefix("$scrypt$ln=5,") == true)
            guard case .moved = try dearer.tryPassword("dian") else {
                Issue.record("it is the same password")
                return
            }
        }
    }
}

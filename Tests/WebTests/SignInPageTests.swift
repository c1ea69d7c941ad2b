import Access
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Registry
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("Signing in on the pages")
struct SignInPageTests {
    private static let dian: [(name: String, role: Role, region: String)] = [("dian", .regency, "35.10")]

    @Test("goes from name and password over the code to where one wanted to go", arguments: ["id", "en"])
    func way(language: String) async throws {
        try await TestSite.staffed(Self.dian) { site, client in
            let asked = try await client.get("/tinjau")
            #expect(asked.status == .seeOther && asked.headers[.location] == "/masuk?tujuan=%2Ftinjau")
            let form = try await client.get("/masuk?tujuan=%2Ftinjau&bahasa=\(language)")
            let page = Markup(form.text)
            #expect(page.faults == [] && form.headers[.cacheControl] == "no-store")
            #expect(page["input"].map { $0.attributes["autocomplete"] }.contains("current-password"))
            let first = try await client.post(
                "/masuk", "nama=Dian&sandi=\(TestStaff.password)&tujuan=%2Ftinjau")
            #expect(first.headers[.location] == "/masuk/kode?tujuan=%2Ftinjau")
            let half = try site.member(first)
            #expect(try await half.get(client, "/tinjau").status == .seeOther, "the password alone opens nothing")
            #expect(try await half.get(client, "/meja").status == .seeOther)
            let codePage = try await half.get(client, "/masuk/kode?tujuan=%2Ftinjau&bahasa=\(language)")
            #expect(Markup(codePage.text).faults == [])
            #expect(try await half.post(client, "/masuk/kode", "kode=000000").status == .forbidden)
            let code = try #require(try site.accounts?.code(of: "dian"))
            let done = try await half.post(client, "/masuk/kode?tujuan=%2Ftinjau", "kode=\(code)")
            #expect(done.status == .seeOther && done.headers[.location] == "/tinjau")
            let dian = try site.member(done)
            #expect(dian.formToken != half.formToken)
            #expect(try await dian.get(client, "/tinjau").text.contains("SITI AMINAH"))
            #expect(try await half.get(client, "/tinjau").status == .seeOther, "the first token is worth nothing now")
            let desk = try await dian.get(client, "/meja?bahasa=\(language)")
            #expect(Markup(desk.text).faults == [] && desk.text.contains("Petugas dian"))
            #expect(desk.text.contains("href=\"/tinjau\"") && !desk.text.contains("href=\"/pengguna\""))
            let out = try await dian.post(client, "/keluar")
            #expect(out.status == .seeOther && out.headers[.location] == "/masuk")
            #expect(out.headers[values: .setCookie].contains { $0.contains("sesi=;") && $0.contains("Max-Age=0") })
            #expect(try await dian.get(client, "/tinjau").status == .seeOther)
        }
    }

    @Test("the first time leads through a new password and the authenticator to the recovery codes")
    func firstTime() async throws {
        try await TestSite.staffed([]) { site, client in
            let accounts = try #require(site.accounts)
            let password = try accounts.make("siti", fullName: "Siti Rahma", by: .command("root"))
            let first = try await client.post("/masuk", "nama=siti&sandi=\(password)")
            #expect(first.headers[.location] == "/masuk/sandi")
            let one = try site.member(first)
            #expect(try await one.get(client, "/masuk/autentikator").headers[.location] == "/masuk/sandi")
            #expect(Markup(try await one.get(client, "/masuk/sandi").text).faults == [])
            for (new, again) in [("pendek", "pendek"), ("perahu nelayan", "perahu nelayan x"), ("", "")] {
                let refused = try await one.post(client, "/masuk/sandi", "sandi-baru=\(new)&sandi-ulang=\(again)")
                #expect(refused.status == .unprocessableContent)
                #expect(
                    Markup(refused.text).faults == []
                        && Markup(refused.text)["p"].contains { $0.attributes["role"] == "alert" })
            }
            let second = try await one.post(
                client, "/masuk/sandi", "sandi-baru=perahu+nelayan+pulang&sandi-ulang=perahu+nelayan+pulang")
            #expect(second.headers[.location] == "/masuk/autentikator")
            let two = try site.member(second)
            let page = try await two.get(client, "/masuk/autentikator")
            #expect(Markup(page.text).faults == [])
            #expect(Markup(page.text)["svg"].contains { $0.attributes["class"] == "qr-code" })
            let secret = try #require(try accounts.newAuthenticator(session: session(two)))
            #expect(page.text.contains(secret.text))
            #expect(try await two.post(client, "/masuk/autentikator", "kode=000000").status == .forbidden)
            let codes = try await two.post(client, "/masuk/autentikator", "kode=\(secret.code(at: site.clock.now))")
            #expect(codes.status == .ok && codes.headers[.cacheControl] == "no-store")
            #expect(Markup(codes.text)["code"].count == 10)
            let siti = try site.member(codes)
            let desk = try await siti.get(client, "/meja")
            #expect(desk.status == .ok && desk.text.contains("Belum ada tugas"))
        }
    }

    private func session(_ member: TestStaffMember) throws -> String {
        try #require(
            member.headers[.cookie]?.split(separator: "; ").first { $0.hasPrefix("sesi=") }?.dropFirst(5).description)
    }

    @Test("refuses what is empty or wrong in one voice, and slows down who guesses")
    func wrong() async throws {
        try await TestSite.staffed(Self.dian) { _, client in
            for body in ["", "nama=dian", "sandi=x", "nama=&sandi="] {
                let page = try await client.post("/masuk", body)
                #expect(page.status == .unprocessableContent && Markup(page.text).faults == [])
            }
            let wrong = try await client.post("/masuk", "nama=dian&sandi=keliru-sekali")
            let nobody = try await client.post("/masuk", "nama=tidak.ada&sandi=keliru-sekali")
            #expect(wrong.status == .forbidden && nobody.status == .forbidden)
            #expect(wrong.text.replacing("dian", with: "") == nobody.text.replacing("tidak.ada", with: ""))
            #expect(!wrong.text.contains("keliru-sekali"), "the password is not sent back")
            for _ in 0..<4 { _ = try await client.post("/masuk", "nama=dian&sandi=salah") }
            let slow = try await client.post("/masuk", "nama=dian&sandi=\(TestStaff.password)")
            #expect(slow.status == .tooManyRequests && slow.headers[.retryAfter] == "30")
            #expect(slow.text.contains("30 detik"))
        }
    }

    @Test(
        "never leads to another site",
        arguments: [
            "https://jahat.example", "//jahat.example", "/\\jahat.example", "javascript:alert(1)", "/tinjau/../x",
            "/a:b",
            "/%2F", "tinjau", "/tinjau?x=1", "/ tinjau",
        ])
    func destinations(text: String) async throws {
        #expect(Link(destination: text) == nil)
    }

    @Test("cookies are strict, hidden from scripts, of this host alone, and with TLS under names that say so")
    func cookies() async throws {
        for (origin, prefix) in [(nil, ""), ("https://tepat.example", "__Host-")] as [(String?, String)] {
            try await TestSite.staffed(Self.dian, change: { $0.publicOrigin = origin }) { site, client in
                let headers: HTTPFields = [.origin: origin ?? "http://localhost"]
                let first = try await client.post("/masuk", "nama=dian&sandi=\(TestStaff.password)", headers)
                let cookie = try #require(first.headers[.setCookie])
                #expect(cookie.hasPrefix(prefix + "sesi="))
                for part in ["Path=/;", "HttpOnly", "SameSite=Strict"] { #expect(cookie.contains(part)) }
                #expect(cookie.contains("Secure") == (origin != nil) && !cookie.contains("Domain"))
            }
        }
    }

    @Test("a form without the session's own token, or with another's, is refused")
    func forged() async throws {
        try await TestSite.staffed(Self.dian + [("budi", .regency, "35.10")]) { site, client in
            let dian = try await site.signIn(client, "dian")
            let budi = try await site.signIn(client, "budi")
            for token in ["", "&tanda=", "&tanda=x", "&tanda=\(budi.formToken)"] {
                let answer = try await client.post(
                    "/tinjau", "baris=2:77&orang=41&jawaban=sama" + token, dian.headers)
                #expect(answer.status == .forbidden, "\(token)")
            }
            var foreign = dian
            foreign.headers[.origin] = "https://jahat.example"
            let other = try await foreign.post(client, "/tinjau", "baris=2:77&orang=41&jawaban=sama")
            #expect(other.status == .forbidden, "and one that another site sends")
        }
    }
}

@Suite("Ten thousand sign-ins a minute")
struct SignInFloodTests {
    @Test("are told to come back, and keep nobody else out for long")
    func flood() async throws {
        let time = TestTime()
        var policy = TestStaff.policy
        policy.cost = PasswordCost(logRounds: 12, blockSize: 8, parallelism: 1)
        try await TestStaff.use(.sqlite, time, policy) { accounts in
            try accounts.hire("dian", .regency, "35.10")
            let site = try TestSite(clock: time, accounts: accounts) {
                $0.clientAddress = .header("X-Forwarded-For")
            }
            try await site.test { client in
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<600 {
                        group.addTask {
                            let from = try #require(HTTPField.Name("X-Forwarded-For"))
                            return try await client.post(
                                "/masuk", "nama=nama\(number)&sandi=salah",
                                [.origin: "http://localhost", from: "10.1.\(number / 250).\(number % 250)"]
                            ).status.code
                        }
                    }
                    return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
                }
                #expect(statuses[503] ?? 0 > 0, "what would wait too long is told so at once: \(statuses)")
                #expect((statuses[503] ?? 0) + (statuses[403] ?? 0) == 600, "\(statuses)")
                #expect(try await site.signIn(client, "dian").get(client, "/meja").status == .ok)
            }
        }
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var list: [T] = []
        for element in self { list.append(try await transform(element)) }
        return list
    }
}

@Suite("Rights on the pages")
struct RightsPageTests {
    private static let staff: [(name: String, role: Role, region: String)] = Role.allCases.map { role in
        let region =
            role.levels.contains(.village) ? "35.10.16.1007" : role.levels.contains(.district) ? "35.10.16" : "35.10"
        return (role.rawValue, role, region)
    }

    @Test("are asked at every route: nobody and no role gets in without")
    func walk() async throws {
        try await TestSite.staffed(Self.staff) { site, client in
            let routes = site.application.routes.all
            #expect(routes.count > 25)
            let router = Set(site.application.paths)
            #expect(router.subtracting(["/rusak"]) == Set(routes.map(\.path)), "none is there without a rule")
            for route in routes where route.rule != .anyone {
                let path = Self.sample(route.path)
                if case .program = route.rule {
                    #expect(try await client.get(path).status == .methodNotAllowed)
                    #expect(try await client.post(path, "{}", type: "application/json").status == .unauthorized)
                    continue
                }
                let asked = try await client.get(path)
                #expect(asked.status == .seeOther && asked.headers[.location]?.hasPrefix("/masuk") == true, "\(path)")
                if route.takesForms {
                    let sent = try await client.post(path, "x=1")
                    #expect(sent.status == .seeOther && sent.headers[.location] == "/masuk", "\(path)")
                }
            }
            for role in Role.allCases {
                let member = try await site.signIn(client, role.rawValue)
                for route in routes {
                    let path = Self.sample(route.path)
                    let asked = try await member.get(client, path)
                    guard case .right(let right) = route.rule else {
                        #expect(asked.status.code < 500 && asked.status != .forbidden, "\(role) \(path)")
                        continue
                    }
                    let may = role.rights.contains(right)
                    #expect((asked.status == .forbidden) == !may, "\(role) \(path) \(asked.status)")
                    if route.takesForms, !may {
                        #expect(try await member.post(client, path, "x=1").status == .forbidden, "\(role) \(path)")
                    }
                }
            }
        }
    }

    @Test("SQL and script in every field of every form change nothing and come back escaped")
    func hostile() async throws {
        let names = [
            "nama", "sandi", "sandi-baru", "sandi-ulang", "kode", "tujuan", "baris", "orang", "jawaban", "catatan",
            "keputusan", "nik", "lahir", "kk", "akun", "peran", "wilayah", "ubah", "alasan", "tugas", "nomor", "versi",
            "mulai", "kuota", "syarat.decile", "perihal",
        ]
        try await TestSite.staffed(Self.staff) { site, client in
            let accounts = try #require(site.accounts).all()
            let members = try await ["regency", "ministry", "administrator"].asyncMap {
                try await site.signIn(client, $0)
            }
            for text in [#"'; DROP TABLE account; --"#, #""><script>alert(1)</script>"#, #"{{7*7}}${7*7}"#] {
                let value = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                let body = names.map { "\($0)=\(value)" }.joined(separator: "&")
                for route in site.application.routes.all where route.takesForms && route.path != "/keluar" {
                    let path = Self.sample(route.path)
                    guard path != "/akun/keluar" else { continue }
                    for member in members {
                        let answer = try await member.post(client, path, body)
                        #expect(answer.status.code < 500, "\(path) \(answer.status)")
                        #expect(!answer.text.contains("<script>alert"), "\(path)")
                    }
                    let query = try await members[2].get(
                        client, path + "?perihal=\(value)&tujuan=\(value)&bahasa=\(value)")
                    #expect(query.status.code < 500 && !query.text.contains("<script>alert"), "\(path)")
                }
            }
            let after = try #require(site.accounts).all()
            #expect(after.map(\.name) == accounts.map(\.name) && after.map(\.state) == accounts.map(\.state))
        }
    }

    /// A path with something in each of its places.
    private static func sample(_ path: String) -> String {
        path.replacing("{program}", with: "pkh").replacing("{nama}", with: "auditor").replacing(
            "{wilayah}", with: "35.10.16"
        ).replacing("{berkas}", with: "x").replacing(":program", with: "pkh").replacing(":nama", with: "auditor")
            .replacing(":wilayah", with: "35.10.16").replacing(":berkas", with: "x")
    }

    @Test("can be printed, with what each role never is", arguments: ["id", "en"])
    func table(language: String) async throws {
        try await TestSite.staffed([("siti", .agent, "35.10.16.1007")]) { site, client in
            let page = try await site.signIn(client, "siti").get(client, "/hak?bahasa=\(language)")
            let markup = Markup(page.text)
            #expect(markup.faults == [] && markup["tr"].count == Role.allCases.count + 1)
        }
    }

    @Test("the own account shows its devices and changes its password")
    func account() async throws {
        try await TestSite.staffed([("siti", .agent, "35.10.16.1007")]) { site, client in
            let siti = try await site.signIn(client, "siti")
            let page = try await siti.get(client, "/akun")
            #expect(Markup(page.text).faults == [] && page.text.contains("sedang masuk"))
            let wrong = try await siti.post(
                client, "/akun/sandi", "sandi=salah&sandi-baru=perahu+nelayan+pulang&sandi-ulang=perahu+nelayan+pulang")
            #expect(wrong.status == .unprocessableContent && Markup(wrong.text).faults == [])
            let done = try await siti.post(
                client, "/akun/sandi",
                "sandi=\(TestStaff.password)&sandi-baru=perahu+nelayan+pulang&sandi-ulang=perahu+nelayan+pulang")
            #expect(done.status == .ok && done.text.contains("sudah diganti"))
            #expect(try await siti.post(client, "/akun/perangkat", "nomor=x").status == .badRequest)
            #expect(try await siti.post(client, "/akun/perangkat", "nomor=7").status == .seeOther)
            #expect(try await siti.get(client, "/akun").status == .ok)
            #expect(try await siti.post(client, "/akun/keluar").status == .seeOther)
            #expect(try await siti.get(client, "/akun").status == .seeOther)
        }
    }

    @Test("administrators make accounts, give duties that a second one confirms, and see why they may not")
    func administration() async throws {
        let staff: [(name: String, role: Role, region: String)] = [
            ("panca", .administrator, "35.10"), ("prita", .administrator, "35.10"),
        ]
        try await TestSite.staffed(staff) { site, client in
            let (panca, prita) = (try await site.signIn(client, "panca"), try await site.signIn(client, "prita"))
            let list = try await panca.get(client, "/pengguna")
            #expect(Markup(list.text).faults == [] && list.text.contains("/pengguna/prita"))
            let made = try await panca.post(
                client, "/pengguna", "akun=dian&orang=Dian+Dinsos&peran=regency&wilayah=35.10")
            #expect(made.status == .ok && made.text.contains("Kata sandi pertama untuk dian"))
            for body in [
                "akun=dian&orang=Dian&peran=regency&wilayah=35.10",
                "akun=x&orang=Dian&peran=agent&wilayah=35.10.16.1007",
                "akun=budi&orang=Budi&peran=agent&wilayah=35.10", "akun=budi&orang=Budi&peran=raja&wilayah=35.10",
            ] {
                let refused = try await panca.post(client, "/pengguna", body)
                #expect(refused.status == .unprocessableContent && Markup(refused.text).faults == [], "\(body)")
            }
            let accounts = try #require(site.accounts)
            #expect(throws: AccessError.self) { try accounts.account("budi") }
            let duty = try #require(try accounts.account("dian").duties.first)
            let own = try await panca.post(client, "/pengguna/dian", "ubah=sahkan&tugas=\(duty.number)")
            #expect(own.status == .unprocessableContent && own.text.contains("harus pengelola lain"))
            let page = try await prita.get(client, "/pengguna/dian")
            #expect(Markup(page.text).faults == [] && page.text.contains("menunggu pengelola kedua"))
            #expect(
                try await prita.post(client, "/pengguna/dian", "ubah=sahkan&tugas=\(duty.number)").status == .seeOther)
            #expect(try accounts.account("dian").duties.first?.isConfirmed == true)
            let silent = try await prita.post(client, "/pengguna/dian", "ubah=tangguhkan&alasan=+")
            #expect(silent.status == .unprocessableContent && silent.text.contains("Tulis alasannya"))
            #expect(try await prita.post(client, "/pengguna/dian", "ubah=tangguhkan&alasan=cuti").status == .seeOther)
            #expect(try accounts.account("dian").state == .suspended)
            #expect(try await prita.post(client, "/pengguna/prita", "ubah=sandi").status == .unprocessableContent)
            #expect(try await prita.post(client, "/pengguna/tidak.ada", "ubah=sandi").status == .notFound)
            #expect(try await prita.get(client, "/pengguna/tidak.ada").status == .notFound)
            let journal = try await prita.get(client, "/jurnal?perihal=account%3Adian")
            #expect(Markup(journal.text).faults == [] && journal.text.contains("account.suspended"))
            #expect(journal.text.contains("cuti"))
        }
    }
}

import Access
import Foundation
import Synchronization
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("Serving")
struct ServeTests {
    /// A port that was free a moment ago.
    private func freePort() throws -> Int {
        #if canImport(Glibc)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> in_port_t? in
                guard bind(descriptor, generic, length) == 0, getsockname(descriptor, generic, &length) == 0 else {
                    return nil
                }
                return pointer.pointee.sin_port
            }
        }
        return Int(UInt16(bigEndian: try #require(port)))
    }

    private struct Answer {
        let status: Int
        let type: String
        let text: String
    }

    /// What a request is answered with. It waits here, so that tests that keep all threads busy cannot hold it up.
    private func get(_ url: String, form: String? = nil) throws -> Answer {
        var request = URLRequest(url: try #require(URL(string: url)))
        if let form {
            request.httpMethod = "POST"
            request.httpBody = Data(form.utf8)
            request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
            // As browsers send with a form of our own page.
            request.setValue("same-origin", forHTTPHeaderField: "Sec-Fetch-Site")
        }
        let result = Mutex<Result<Answer, any Error>>(.failure(NoAnswer()))
        let done = DispatchSemaphore(value: 0)
        let task = URLSession.shared.dataTask(with: request) { data, response, error in
            if let error { result.withLock { $0 = .failure(error) } }
            if let response = response as? HTTPURLResponse {
                let answer = Answer(
                    status: response.statusCode, type: response.value(forHTTPHeaderField: "Content-Type") ?? "",
                    text: String(decoding: data ?? Data(), as: UTF8.self))
                result.withLock { $0 = .success(answer) }
            }
            done.signal()
        }
        task.resume()
        done.wait()
        return try result.withLock { try $0.get() }
    }

    private struct NoAnswer: Error {}

    /// Lends a running server, ends it with a signal, and gives how it ended.
    private func serve(
        _ place: Workplace, _ options: [String] = [], signal: Int32 = SIGTERM, _ body: (String) throws -> Void
    ) throws -> Outcome {
        let port = try freePort()
        let running = try Running(
            try Tepat.binary(), ["serve", "--port", "\(port)", "--database", place.url] + options,
            environment: place.environment)
        let site = "http://127.0.0.1:\(port)"
        var isUp = false
        while !isUp && running.isRunning {
            isUp = (try? get(site + "/health").status) == 200
            if !isUp { Thread.sleep(forTimeInterval: 0.05) }
        }
        if isUp {
            do { try body(site) } catch { Issue.record(error) }
        }
        running.signal(signal)
        let outcome = try running.wait()
        #expect(isUp, "\(outcome)")
        return outcome
    }

    /// Somebody who can sign in at a place.
    private func hire(_ name: String, _ role: Role, at place: Workplace) throws {
        try place.withAccounts { try $0.hire(name, role, "35.10") }
    }

    /// Signs somebody in, and gives what forms must bring along.
    private func signIn(_ name: String, _ site: String, at place: Workplace) throws -> String {
        func formToken() throws -> String {
            let cookies = HTTPCookieStorage.shared.cookies(for: try #require(URL(string: site)))
            return Session.formToken(try #require(cookies?.first { $0.name == "sesi" }).value)
        }
        #expect(try get(site + "/masuk", form: "nama=\(name)&sandi=\(TestStaff.password)").status == 200)
        let code = try #require(try place.withAccounts { try $0.code(of: name) })
        let desk = try get(site + "/masuk/kode", form: "kode=\(code)&tanda=\(formToken())")
        #expect(desk.status == 200 && desk.text.contains("href=\"/aturan\""))
        return try formToken()
    }

    /// A family's head in the agencies' file, whose row has all that the page asks for.
    private func resident() throws -> (nik: String, number: String, birth: [String]) {
        let rows = try String(contentsOfFile: MadeUp.file("dukcapil"), encoding: .utf8).split(separator: "\n")
        for row in rows.dropFirst() {
            let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let birth = fields[5].split(separator: "-").map(String.init)
            if fields[0].count == 16, fields[1].count == 16, fields[6] == "KEPALA KELUARGA", birth.count == 3 {
                return (fields[0], fields[1], birth)
            }
        }
        throw Nobody()
    }

    private struct Nobody: Error {}

    /// Changes a rule on its page, as an officer would.
    private func tryRules(_ site: String) throws {
        #expect(try get(site + "/aturan/nosuch").status == 404)
        let sheet = try get(site + "/aturan/pkh")
        #expect(sheet.status == 200 && sheet.text.contains("value=\"decile &lt;= 4\""))
        func send(_ condition: String, quota: String = "1000") throws -> Answer {
            var answer = try get(site + "/aturan/pkh", form: "syarat.decile=\(condition)&kuota=\(quota)")
            // The families are read when the page is first asked for.
            for _ in 0..<200 where answer.status == 503 {
                Thread.sleep(forTimeInterval: 0.05)
                answer = try get(site + "/aturan/pkh", form: "syarat.decile=\(condition)&kuota=\(quota)")
            }
            return answer
        }
        let same = try send("decile+%3C%3D+4")
        #expect(same.status == 200 && same.text.contains("id=\"hasil\""))
        let narrow = try send("decile+%3C%3D+1")
        #expect(narrow.status == 200)
        #expect(narrow.text.contains("requires: &#39;decile &lt;= 1&#39;") || narrow.text.contains("'decile &lt;= 1'"))
        #expect(narrow.text.utf8.count < 120_000)
        let wrong = try send("decil+%3C%3D+1")
        #expect(wrong.status == 422 && wrong.text.contains("did you mean"))
        #expect(try send("decile+%3C%3D+1", quota: "-3").status == 422)
    }

    @Test("the pages answer, and SIGTERM ends the server with 0")
    func pages() throws {
        let resident = try resident()
        try MadeUp.use(.assessed) { place in
            let entries = try place.snapshot().rows("journal_entry")
            let outcome = try serve(place) { site in
                let health = try get(site + "/health")
                #expect(health.type.hasPrefix("application/json"))
                #expect(health.text.contains("\"ok\":true"))
                for path in ["/", "/cek", "/kerja", "/kerja/35.10.16", "/?bahasa=en"] {
                    let page = try get(site + path)
                    #expect(page.status == 200 && page.type.hasPrefix("text/html"), "\(path): \(page.status)")
                    #expect(page.text.contains("Banyuwangi"))
                    #expect(page.text.utf8.count < 60_000, "\(path): \(page.text.utf8.count) bytes")
                }
                let metrics = try get(site + "/metrics")
                #expect(metrics.status == 200 && metrics.type.hasPrefix("application/openmetrics-text"))
                #expect(metrics.text.hasSuffix("# EOF\n"))
                #expect(try get(site + "/nosuch").status == 404)

                let form =
                    "nik=\(resident.nik)&kk=\(resident.number)&tahun=\(resident.birth[0])&bulan=\(resident.birth[1])"
                    + "&hari=\(resident.birth[2])"
                let answer = try get(site + "/cek", form: form)
                #expect(answer.status == 200)
                #expect(answer.text.contains("PKH") && answer.text.contains("Sembako"))
                for nik in [resident.nik, "3599990101800001"] {
                    // Neither page tells whether there is such a NIK.
                    let stranger = try get(
                        site + "/cek", form: "nik=\(nik)&kk=3599990101250001&tahun=1980&bulan=1&hari=1")
                    #expect(stranger.status == 200)
                    #expect(!stranger.text.contains("Sembako 2025") && !stranger.text.contains(resident.number))
                }
                #expect(try get(site + "/cek", form: "nik=12&kk=&hari=").status == 422)
                try tryRules(site)
            }
            #expect(outcome.status == 0 && !outcome.wasKilled, "\(outcome)")
            #expect(outcome.output.isEmpty)
            #expect(!outcome.messages.contains(resident.nik), "nobody's number stands in the log")
            // The one answer that was given left its trace.
            #expect(try place.snapshot().rows("journal_entry") == entries + 1)
            try place.expectSound()
        }
    }

    @Test(
        "an officer changes a rule on its page, sees both errors, and puts it in force; assessments follow it from then on"
    )
    func force() throws {
        try MadeUp.use(.assessed) { place in
            // Programmes of its own, since one will be written.
            let home = place.folder.appendingPathComponent("home")
            let files = FileManager.default
            try files.createDirectory(at: home, withIntermediateDirectories: true)
            try files.createSymbolicLink(
                at: home.appendingPathComponent("Regions"),
                withDestinationURL: MadeUp.home().appendingPathComponent("Regions"))
            try files.copyItem(
                at: Tepat.home.appendingPathComponent("Programmes"), to: home.appendingPathComponent("Programmes"))
            var place = place
            place.environment["TEPAT_HOME"] = home.path
            try hire("kemensos", .ministry, at: place)
            let entries = try place.snapshot().rows("journal_entry")
            let truth = try MadeUp.agencies().deletingLastPathComponent().appendingPathComponent("truth/families.csv")
                .path
            _ = try serve(place, ["--truth", truth]) { site in
                let token = try signIn("kemensos", site, at: place)
                let change = "syarat.decile=decile+%3C%3D+2&kuota=1000"
                var tried = try get(site + "/aturan/pkh?bahasa=id", form: change)
                for _ in 0..<200 where tried.status == 503 {
                    Thread.sleep(forTimeInterval: 0.05)
                    tried = try get(site + "/aturan/pkh?bahasa=id", form: change)
                }
                #expect(
                    tried.status == 200 && tried.text.contains("Salah masuk") && tried.text.contains("Salah keluar"))
                // The version's own examples come out otherwise, so this change cannot be put in force as it is.
                #expect(!tried.text.contains("id=\"berlakukan\""))
                let refused = try get(
                    site + "/aturan/pkh/berlaku?bahasa=id",
                    form: change + "&versi=2026.1&mulai=2026-01-01&alasan=Coba&tanda=" + token)
                #expect(refused.status == 422 && refused.text.contains("expected eligible, found ineligible"))
                let sound = "syarat.decile=decile+%3C+5&kuota=1000"
                #expect(try get(site + "/aturan/pkh?bahasa=id", form: sound).text.contains("id=\"berlakukan\""))
                let stranger = try get(
                    site + "/aturan/pkh/berlaku?bahasa=id",
                    form: sound + "&versi=2026.1&mulai=2026-01-01&alasan=Coba&tanda=KODE-YANG-SALAH")
                #expect(stranger.status == 403)
                let done = try get(
                    site + "/aturan/pkh/berlaku?bahasa=id",
                    form: sound + "&versi=2026.1&mulai=2026-01-01&alasan=Coba&tanda=" + token)
                #expect(done.status == 200 && done.text.contains("Versi 2026.1 berlaku mulai 1 Januari 2026"))
            }
            let written = home.appendingPathComponent("Programmes/pkh/2026.1.yaml")
            #expect(try String(contentsOf: written, encoding: .utf8).contains("requires: 'decile < 5'"))
            try place.run("programme", "test", written.path).expectDone()
            let assessed = try place.run("assess", "pkh", "--day", "2026-01-02", "--json").expectDone().json()
            #expect(assessed["day"]?.text == "2026-01-02")
            #expect(try place.snapshot().rows("journal_entry") == entries + 3, "signed in, put in force, and assessed")
            try place.expectSound()
        }
    }

    @Test("Ctrl-C ends the server with 0 too")
    func interrupted() throws {
        let outcome = try MadeUp.use(.assessed) { try serve($0, signal: SIGINT) { _ in } }
        #expect(outcome.status == 0 && !outcome.wasKilled, "\(outcome)")
    }

    @Test("a port that another program listens on is named, with what to do")
    func portInUse() throws {
        _ = try MadeUp.use(.assessed) { place in
            try serve(place) { site in
                let port = site.split(separator: ":").last.map(String.init) ?? ""
                let second = try place.run("serve", "--port", port)
                #expect(second.status == 1 && !second.wasKilled, "\(second)")
                let complaint = second.complaint.joined(separator: "\n")
                #expect(complaint.hasPrefix("tepat: ") && complaint.contains(port), "\(second)")
                #expect(complaint.contains("another program") && complaint.contains("--port"), "\(second)")
            }
        }
    }

    @Test("a database without a registry is not served")
    func noRegistry() throws {
        try Tepat.run("serve", "--database", "sqlite:nosuch.db").expectRefusal(1, says: ["nosuch.db", "tepat init"])
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Journal
import TestSupport
import Testing

@testable import Web

@Suite struct ServerTests {
    @Test(
        "every response tells browsers to be strict",
        arguments: ["/", "/cek", "/kerja", "/tidak-ada", "/rusak", "/health", "/metrics", Asset.stylesheet.path.text])
    func strict(_ path: String) async throws {
        try await TestSite().test { client in
            let response = try await client.get(path)
            for (name, value) in SecureResponses.fields {
                #expect(response.headers[try #require(HTTPField.Name(name))] == value)
            }
            #expect(
                response.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'; style-src 'self';") == true)
            #expect(response.headers[.strictTransportSecurity] == nil)
            #expect(response.headers[.server] == nil)
        }
    }

    @Test("behind TLS browsers are told to stay with it")
    func transportSecurity() async throws {
        try await TestSite { $0.publicOrigin = "https://tepat.example" }.test { client in
            let response = try await client.get("/?bahasa=en")
            #expect(response.headers[.strictTransportSecurity]?.hasPrefix("max-age=") == true)
            #expect(response.headers[.setCookie]?.hasSuffix("; Secure") == true)
        }
    }

    @Test("HEAD is answered like GET without the body; other methods are 405 and say which are allowed")
    func methods() async throws {
        try await TestSite().test { client in
            let page = try await client.get("/kerja")
            let head = try await client.execute(uri: "/kerja", method: .head)
            #expect(head.status == .ok && head.body.readableBytes == 0)
            #expect(head.headers[.contentLength] == String(page.body.readableBytes))
            for method in [HTTPRequest.Method.put, .delete, .patch, .options, .trace] {
                let response = try await client.execute(
                    uri: "/cek", method: method, headers: [.origin: "http://localhost"])
                #expect(response.status == .methodNotAllowed)
                #expect(response.headers[.allow] == "GET, HEAD, POST")
                #expect(Markup(response.text).faults == [])
            }
            let post = try await client.post("/kerja", "a=b")
            #expect(post.status == .methodNotAllowed)
            #expect(post.headers[.allow] == "GET, HEAD")
            let odd = try #require(HTTPRequest.Method("BREW"))
            #expect(try await client.execute(uri: "/", method: odd).status == .methodNotAllowed)
            #expect(try await client.execute(uri: "/tidak-ada", method: odd).status == .methodNotAllowed)
        }
    }

    @Test("forms are taken from the site itself only")
    func origins() async throws {
        let site = "Sec-Fetch-Site"
        let cases: [(HTTPFields, Bool)] = try [
            ([.origin: "http://localhost"], true),
            ([.origin: "https://localhost"], true),
            ([.origin: "http://localhost.evil.example"], false),
            ([.origin: "null"], false),
            ([:], false),
            ([#require(HTTPField.Name(site)): "same-origin"], true),
            ([#require(HTTPField.Name(site)): "same-site", .origin: "http://localhost"], false),
            ([#require(HTTPField.Name(site)): "cross-site", .origin: "http://localhost"], false),
            ([#require(HTTPField.Name(site)): "none"], false),
        ]
        try await TestSite().test { client in
            for (headers, isOurs) in cases {
                let response = try await client.check(FixtureModel.waiting, headers: headers)
                #expect(response.status == (isOurs ? .ok : .forbidden), "\(headers)")
                #expect(response.text.contains("S*** R*****") == isOurs)
            }
        }
        try await TestSite { $0.publicOrigin = "https://tepat.example" }.test { client in
            let ours = try await client.check(FixtureModel.waiting, headers: [.origin: "https://tepat.example"])
            #expect(ours.status == .ok)
            let other = try await client.check(FixtureModel.waiting, headers: [.origin: "http://localhost"])
            #expect(other.status == .forbidden)
        }
    }

    @Test("bodies that are no form of ours are refused, each with its status")
    func bodies() async throws {
        let form = "application/x-www-form-urlencoded"
        let cases: [(body: String, type: String?, status: HTTPResponse.Status)] = [
            ("nik=%zz", form, .badRequest), ("nik=1&nik=2", form, .badRequest), ("nik=%ff", form, .badRequest),
            ("nik=" + String(repeating: "a", count: 9000), form, .contentTooLarge),
            ("{}", "application/json", .unsupportedMediaType), ("nik=1", nil, .unsupportedMediaType),
            ("nik=1", form + "; charset=UTF-8", .unprocessableContent),
        ]
        try await TestSite().test { client in
            for (body, type, status) in cases {
                let response = try await client.post("/cek", body, type: type)
                #expect(response.status == status, "\(body.prefix(20))")
                #expect(Markup(response.text).faults == [])
            }
        }
    }

    @Test(
        "malformed forms are told apart",
        arguments: [
            ("a=%", FormFields.Fault.badEscape), ("a=%1", .badEscape), ("a=%g1", .badEscape), ("%=1", .badEscape),
            ("a=%00", .badText), ("a=%0A", .badText), ("a=%C3", .badText), ("a=%ED%A0%80", .badText),
            ("a=1&a=1", .repeated), ("a=1&%61=1", .repeated),
            ("a=" + String(repeating: "x", count: 1025), .tooLong),
            ((0...32).map { "f\($0)=" }.joined(separator: "&"), .tooManyFields),
        ])
    func malformed(_ text: String, _ fault: FormFields.Fault) {
        #expect(throws: fault) { try FormFields(decoding: text.utf8) }
    }

    @Test("well formed forms are decoded as browsers encode them")
    func decoded() throws {
        let fields = try FormFields(decoding: "a=1+2%2B3&b=%C3%A9&c&d=e=f&&=g&h=".utf8)
        #expect(["a", "b", "c", "d", "", "h", "i"].map { fields[$0] } == ["1 2+3", "é", "", "e=f", "g", "", nil])
    }

    @Test("a fault inside is a page with a number to tell, and its text is not logged")
    func broken() async throws {
        let site = try TestSite()
        try await site.test { client in
            let response = try await client.get("/rusak")
            #expect(response.status == .internalServerError)
            #expect(Markup(response.text).faults == [])
            #expect(response.text.contains("nomor-1"))
            #expect(!response.text.contains("3599"))
            #expect(site.log.text.contains("Broken"))
            #expect(!site.log.text.contains("3599"))
        }
    }

    @Test("a request that takes too long is given up, and its work is cancelled")
    func timeout() async throws {
        var model = try FixtureModel()
        model.beforeAnswer = { _ in try await Task.sleep(for: .seconds(3600)) }
        let slow = model
        try await TestSite(model: slow) { $0.requestTimeout = .milliseconds(20) }.test { client in
            let response = try await client.check(FixtureModel.waiting)
            #expect(response.status == .serviceUnavailable)
            #expect(response.headers[.retryAfter] == "60")
        }
    }

    @Test("the log names routes, never what was typed or asked for")
    func log() async throws {
        let site = try TestSite()
        try await site.test { client in
            _ = try await client.check(FixtureModel.waiting)
            _ = try await client.get("/cek?nik=3599015708570001")
            _ = try await client.get("/3599015708570001")
            _ = try await client.get("/kerja/3599015708570001")
            #expect(site.log.text.contains("/cek"))
            #expect(!site.log.text.contains("3599"))
            let metrics = try await client.get("/metrics").text
            #expect(!metrics.contains("3599"))
        }
    }

    @Test("health is told with the database and the version; without the database it is 503")
    func health() async throws {
        try await TestSite().test { client in
            let response = try await client.get("/health")
            #expect(response.status == .ok)
            #expect(response.text == #"{"database":"SQLite 3.46","ok":true,"version":"1.2.3"}"#)
        }
        var model = try FixtureModel()
        model.databaseAnswers = false
        try await TestSite(model: model).test { client in
            let response = try await client.get("/health")
            #expect(response.status == .serviceUnavailable)
        }
    }
}

@Suite struct MetricsTests {
    @Test("metrics are OpenMetrics text: families declared once, samples in them, histograms cumulated, an end mark")
    func syntax() async throws {
        try await TestSite().test { client in
            for path in ["/", "/", "/cek", "/nowhere"] { _ = try await client.get(path) }
            _ = try await client.execute(uri: "/", method: try #require(HTTPRequest.Method("BREW")))
            for _ in 0..<4 { _ = try await client.check(FixtureModel.nobody) }
            let response = try await client.get("/metrics")
            #expect(
                response.headers[.contentType] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            #expect(response.text.hasSuffix("\n# EOF\n"))
            var families: [String: String] = [:]
            var current = ""
            for line in response.text.split(separator: "\n").dropLast() {
                if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram|info)/) {
                    current = String(match.1)
                    #expect(families.updateValue(String(match.2), forKey: current) == nil)
                } else if let match = line.wholeMatch(of: /# (HELP|UNIT) ([a-z_]+) .+/) {
                    #expect(match.2 == current)
                    if match.1 == "UNIT" { #expect(line.hasSuffix(current.split(separator: "_").last ?? "?")) }
                } else {
                    let sample = try #require(
                        line.wholeMatch(of: /([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+/), "\(line)")
                    let suffix = sample.1.dropFirst(current.count)
                    let allowed: [Substring] =
                        switch families[current] {
                        case "counter": ["_total"]
                        case "info": ["_info"]
                        case "histogram": ["_bucket", "_count", "_sum"]
                        default: [""]
                        }
                    #expect(sample.1.hasPrefix(current) && allowed.contains(suffix), "\(line)")
                }
            }
            for line in [
                #"tepat_http_requests_total{route="/",method="GET",status="200"} 2"#,
                #"tepat_http_requests_total{route="other",method="GET",status="404"} 1"#,
                #"tepat_http_requests_total{route="other",method="other",status="405"} 1"#,
                #"tepat_http_requests_total{route="/cek",method="POST",status="429"} 1"#,
                #"tepat_http_request_duration_seconds_bucket{route="/",le="+Inf"} 2"#,
                #"tepat_http_request_duration_seconds_count{route="/"} 2"#,
                #"tepat_check_attempts_total{result="refused"} 1"#,
                #"tepat_check_attempts_total{result="unmatched"} 3"#,
                #"tepat_build_info{version="1.2.3"} 1"#,
            ] { #expect(response.text.contains("\n" + line + "\n"), "\(line)") }
            #expect(response.text.contains("tepat_assessment_families{programme=\"pkh\""))
        }
    }

    @Test("a bucket counts what took no longer than its limit")
    func histogram() {
        let metrics = SiteMetrics()
        let request = SiteMetrics.Request(route: "/", method: "GET", status: 200)
        for milliseconds in [1, 2, 3, 20_000] { metrics.answered(request, after: .milliseconds(milliseconds)) }
        let text = metrics.text(version: "\"\n\\", figures: [])
        #expect(text.contains(#"_bucket{route="/",le="0.001"} 1"#))
        #expect(text.contains(#"_bucket{route="/",le="0.0025"} 2"#))
        #expect(text.contains(#"_bucket{route="/",le="0.005"} 3"#))
        #expect(text.contains(#"_bucket{route="/",le="10.0"} 3"#))
        #expect(text.contains(#"_bucket{route="/",le="+Inf"} 4"#))
        #expect(text.contains(#"tepat_build_info{version="\"\n\\"} 1"#))
    }
}

@Suite struct AttemptLimiterTests {
    private let clock = TestTime()

    private func limiter(_ change: (inout AttemptPolicy) -> Void = { _ in }) -> AttemptLimiter {
        var policy = AttemptPolicy()
        change(&policy)
        let clock = clock
        return AttemptLimiter(policy: policy, clock: WallClock { clock.now })
    }

    @Test("waits double up to the longest, and being refused does not prolong them")
    func doubling() async {
        let limiter = limiter()
        for _ in 0..<3 { #expect(await limiter.admit(person: [1], address: "a") == .admitted) }
        for wait in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600] {
            #expect(await limiter.admit(person: [1], address: "b") == .refused(seconds: wait))
            clock.advance(Int64(wait) - 1)
            #expect(await limiter.admit(person: [1], address: "b") == .refused(seconds: 1))
            clock.advance(1)
            #expect(await limiter.admit(person: [1], address: "c\(wait)\(clock.now)") == .admitted)
        }
    }

    @Test("an address waits whatever NIKs it tries, a NIK whatever addresses try it")
    func both() async {
        let limiter = limiter()
        for number: UInt8 in 0..<3 { #expect(await limiter.admit(person: [number], address: "a") == .admitted) }
        #expect(await limiter.admit(person: [9], address: "a") == .refused(seconds: 30))
        for number in 0..<3 { #expect(await limiter.admit(person: [7], address: "x\(number)") == .admitted) }
        #expect(await limiter.admit(person: [7], address: "y") == .refused(seconds: 30))
        #expect(await limiter.admit(person: [8], address: "y") == .admitted)
    }

    @Test("a match clears the person's count but gives the address back that one try only")
    func matched() async {
        let limiter = limiter()
        for number: UInt8 in 0..<2 { #expect(await limiter.admit(person: [number], address: "a") == .admitted) }
        for _ in 0..<5 {
            #expect(await limiter.admit(person: [9], address: "a") == .admitted)
            await limiter.matched(person: [9], address: "a")
        }
        #expect(await limiter.admit(person: [3], address: "a") == .admitted)
        #expect(await limiter.admit(person: [9], address: "a") == .refused(seconds: 30))
    }

    @Test("tries at the same moment cannot all pass")
    func concurrent() async {
        let limiter = limiter()
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { await limiter.admit(person: [1], address: "a") == .admitted } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 3)
    }

    @Test("all is forgotten after a long quiet")
    func forgets() async {
        let limiter = limiter()
        for _ in 0..<3 { _ = await limiter.admit(person: [1], address: "a") }
        clock.advance(7200)
        for _ in 0..<3 { #expect(await limiter.admit(person: [1], address: "a") == .admitted) }
        #expect(await limiter.admit(person: [1], address: "a") == .refused(seconds: 30))
    }

    @Test("memory is bounded, and who was tried longest ago is forgotten first")
    func bounded() async {
        let limiter = limiter {
            $0.capacity = 10
            $0.triesPerPerson = 1
            $0.triesPerAddress = .max
        }
        for number: UInt8 in 0..<200 {
            #expect(await limiter.admit(person: [number], address: "a\(number % 3)") == .admitted)
        }
        #expect(await limiter.remembered == (10, 3))
        #expect(await limiter.admit(person: [190], address: "z") == .refused(seconds: 30))
        #expect(await limiter.admit(person: [189], address: "z") == .admitted)
        #expect(await limiter.remembered == (10, 4))
    }

    @Test("a clock that is set back prolongs no wait")
    func clockSetBack() async {
        let limiter = limiter()
        for _ in 0..<3 { _ = await limiter.admit(person: [1], address: "a") }
        clock.advance(-86_400)
        #expect(await limiter.admit(person: [1], address: "a") == .refused(seconds: 30))
    }

    @Test("an IPv6 client is its network of 64 bits, an IPv4 client its address")
    func networks() {
        #expect(clientNetwork(of: "2001:db8:1:2:3:4:5:6") == clientNetwork(of: "2001:db8:1:2::9"))
        #expect(clientNetwork(of: "2001:db8:1:3::9") != clientNetwork(of: "2001:db8:1:2::9"))
        #expect(clientNetwork(of: "::ffff:10.0.0.1") == "10.0.0.1")
        #expect(clientNetwork(of: "10.0.0.1") == "10.0.0.1")
        #expect(clientNetwork(of: "unknown") == "unknown")
    }
}

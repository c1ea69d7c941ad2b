import Access
import Foundation
import HTTPTypes
import Hummingbird

/// Signing in, step by step, and out.
extension Site {
    func serveSignIn(_ door: Door) {
        add("/masuk", for: .anyone, post: { try await self.signIn($0, $1, door) }) { request, _ in
            if try await door.guest(of: request) != nil { return self.seeOther(self.destination(request)) }
            return self.signInPage(request, SignInForm(destination: request.queryFields["tujuan"] ?? ""))
        }
        add("/masuk/kode", for: .anyone, post: { request, _ in try await self.giveCode(request, door) }) { request, _ in
            try await self.step(.code, request, door) { page, _ in page.codePage(nil) }
        }
        add("/masuk/sandi", for: .anyone, post: { request, _ in try await self.choose(request, door) }) { request, _ in
            try await self.step(.password, request, door) { page, name in page.newPasswordPage(nil, name: name) }
        }
        add("/masuk/autentikator", for: .anyone, post: { request, _ in try await self.setUp(request, door) }) {
            request, _ in
            try await self.authenticatorPage(request, door, fault: nil, .ok)
        }
        add(
            "/keluar", for: .signedIn,
            post: { visit in
                try await door.run { try $0.signOut(visit.token) }
                var headers: HTTPFields = [.location: Link("masuk").text, .cacheControl: Response.Keeping.never.field]
                headers.append(door.set(.session, nil))
                // Whatever the browser keeps of the pages is personal.
                if let name = HTTPField.Name("Clear-Site-Data") { headers[name] = "\"cache\"" }
                return Response(status: .seeOther, headers: headers)
            }
        ) { _ in
            Response(status: .seeOther, headers: [.location: Link("meja").text])
        }
    }

    // MARK: Where to

    /// Where somebody wanted to go who had to sign in first: a page of ours, never another site's.
    private func destination(_ request: Request, _ fields: FormFields? = nil) -> Link {
        Link(destination: (fields ?? request.queryFields)["tujuan"] ?? "") ?? Link("meja")
    }

    private func seeOther(_ link: Link, _ fields: [HTTPField] = []) -> Response {
        var headers: HTTPFields = [.location: link.text, .cacheControl: Response.Keeping.never.field]
        for field in fields { headers.append(field) }
        return Response(status: .seeOther, headers: headers)
    }

    /// The page of a stage, with where to go afterwards.
    private func link(_ stage: SignInStage, _ destination: Link) -> Link {
        let place: Link
        switch stage {
        case .code: place = Link("masuk", "kode")
        case .password: place = Link("masuk", "sandi")
        case .authenticator: place = Link("masuk", "autentikator")
        case .full: return destination
        }
        return destination == Link("meja") ? place : place.setting("tujuan", destination.text)
    }

    // MARK: Name and password

    private func signInPage(
        _ request: Request, _ form: SignInForm, _ status: HTTPResponse.Status = .ok, _ headers: HTTPFields = [:]
    ) -> Response {
        let page = page(request, Link("masuk"))
        return .page(page.signInPage(form), status: status, language: page.language, keeping: .never, headers: headers)
    }

    private func signIn(_ request: Request, _ context: SiteContext, _ door: Door) async throws -> Response {
        let fields = try await fields(of: request)
        var form = SignInForm(destination: fields["tujuan"] ?? "")
        form.name = fields["nama"] ?? ""
        let language = request.language
        guard !form.name.isEmpty, let password = fields["sandi"], !password.isEmpty else {
            form.fault = language(Words.Access.empty)
            return signInPage(request, form, .unprocessableContent)
        }
        let attempt = SignInAttempt(
            name: form.name, password: password, device: door.value(.device, in: request),
            address: request.clientAddress(configuration.clientAddress, peer: context.peerAddress))
        switch try await door.runWithPassword({ try $0.signIn(attempt) }) {
        case .moved(let session, _, let stage):
            return seeOther(link(stage, destination(request, fields)), [door.set(.session, session)])
        case .wrong, .over:
            form.fault = language(Words.Access.wrong)
            return signInPage(request, form, .forbidden)
        case .wait(let seconds):
            form.fault = language(Words.Access.wait(language.duration(seconds: Int(seconds))))
            return signInPage(request, form, .tooManyRequests, [.retryAfter: String(seconds)])
        case .locked:
            form.fault = language(Words.Access.locked)
            return signInPage(request, form, .forbidden)
        }
    }

    // MARK: The steps after it

    /// A page that is for those who have come so far and no further.
    private func step(
        _ stage: SignInStage, _ request: Request, _ door: Door, _ status: HTTPResponse.Status = .ok,
        _ html: (_ page: PageContext, _ name: String) -> HTML
    ) async throws -> Response {
        let destination = destination(request)
        guard let (session, token) = try await door.session(of: request) else { return seeOther(Link("masuk")) }
        guard session.stage == stage else { return seeOther(link(session.stage, destination)) }
        var page = page(request, link(stage, destination))
        page.formToken = Session.formToken(token)
        return .page(
            html(page, session.principal.name), status: status, language: page.language, keeping: .never)
    }

    /// A form of one of the steps; nil where it is none of this session's.
    private func stepFields(_ request: Request, _ door: Door) async throws -> (fields: FormFields, token: String)? {
        let fields = try await fields(of: request)
        guard let token = door.value(.session, in: request) else { return nil }
        guard fields["tanda"] == Session.formToken(token) else { throw SiteError(.forbidden) }
        return (fields, token)
    }

    private func moved(_ result: SignInResult, _ request: Request, _ door: Door) -> Response? {
        switch result {
        case .moved(let session, let device, let stage):
            var cookies = [door.set(.session, session)]
            if let device { cookies.append(door.set(.device, device)) }
            return seeOther(link(stage, destination(request)), cookies)
        case .over, .locked: return seeOther(Link("masuk"), [door.set(.session, nil)])
        case .wrong, .wait: return nil
        }
    }

    private func giveCode(_ request: Request, _ door: Door) async throws -> Response {
        guard let (fields, token) = try await stepFields(request, door) else { return seeOther(Link("masuk")) }
        let (device, label, language) = (door.value(.device, in: request), request.deviceLabel, request.language)
        let result = try await door.run {
            try $0.give(code: fields["kode"] ?? "", session: token, device: device, label: label)
        }
        if let response = moved(result, request, door) { return response }
        if case .wait(let seconds) = result {
            return try await step(.code, request, door, .tooManyRequests) {
                page, _ in page.codePage(language(Words.Access.wait(language.duration(seconds: Int(seconds)))))
            }
        }
        return try await step(.code, request, door, .forbidden) { page, _ in
            page.codePage(language(Words.Access.codeWrong))
        }
    }

    private func choose(_ request: Request, _ door: Door) async throws -> Response {
        guard let (fields, token) = try await stepFields(request, door) else { return seeOther(Link("masuk")) }
        let (device, label, language) = (door.value(.device, in: request), request.deviceLabel, request.language)
        func refuse(_ fault: Phrase) async throws -> Response {
            try await step(.password, request, door, .unprocessableContent) { page, name in
                page.newPasswordPage(language(fault), name: name)
            }
        }
        let password = fields["sandi-baru"] ?? ""
        guard password == fields["sandi-ulang"] else { return try await refuse(Words.Access.repeatWrong) }
        do {
            let result = try await door.runWithPassword {
                try $0.choose(password: password, session: token, device: device, label: label)
            }
            return moved(result, request, door) ?? seeOther(Link("masuk"))
        } catch AccessError.weakPassword(let weakness) {
            return try await refuse(Words.Access.weak(weakness))
        }
    }

    private func authenticatorPage(
        _ request: Request, _ door: Door, fault: String?, _ status: HTTPResponse.Status
    ) async throws -> Response {
        guard let (session, token) = try await door.session(of: request) else { return seeOther(Link("masuk")) }
        guard session.stage == .authenticator || session.stage == .full else {
            return seeOther(link(session.stage, destination(request)))
        }
        guard let made = try await door.run({ try $0.newAuthenticator(session: token) }) else {
            return seeOther(Link("masuk"))
        }
        var page = page(request, link(.authenticator, destination(request)))
        page.formToken = Session.formToken(token)
        if session.stage == .full {
            page.guest = Guest(principal: session.principal, formToken: Session.formToken(token))
        }
        let address = made.address(issuer: "Tepat \(model.region.name.id)", account: session.principal.name)
        return .page(
            page.authenticatorPage(secret: made.text, address: address, fault: fault), status: status,
            language: page.language, keeping: .never)
    }

    private func setUp(_ request: Request, _ door: Door) async throws -> Response {
        guard let (fields, token) = try await stepFields(request, door) else { return seeOther(Link("masuk")) }
        let (device, label) = (door.value(.device, in: request), request.deviceLabel)
        let (result, codes) = try await door.run {
            try $0.confirmAuthenticator(code: fields["kode"] ?? "", session: token, device: device, label: label)
        }
        guard case .moved(let session, let newDevice, _) = result else {
            if let response = moved(result, request, door) { return response }
            return try await authenticatorPage(
                request, door, fault: request.language(Words.Access.codeWrong), .forbidden)
        }
        let page = page(request, Link("masuk", "autentikator"))
        var headers: HTTPFields = [:]
        headers.append(door.set(.session, session))
        if let newDevice { headers.append(door.set(.device, newDevice)) }
        return .page(
            page.recoveryPage(codes, onward: destination(request)), language: page.language, keeping: .never,
            headers: headers)
    }
}

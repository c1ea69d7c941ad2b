import Access
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Registry

/// Answers the site's requests.
struct Site: Sendable {
    let model: any SiteModel
    let configuration: WebConfiguration
    let metrics: SiteMetrics
    let limiter: AttemptLimiter
    /// Where staff sign in; nil where nobody can.
    let door: Door?
    let routes: Routes

    /// A form of a few numbers is far smaller; more is no form of ours.
    static let formLimit = 8 * 1024
    /// A form of a programme's conditions is smaller.
    static let rulesFormLimit = 32 * 1024

    func serve() {
        add("/", for: .anyone) { request, _ in
            let page = self.page(request, Place.home.link)
            return .page(page.homePage(), language: page.language, keeping: .recheck)
        }
        add("/cek", for: .anyone, post: answer) { request, _ in
            let page = self.page(request, Place.check.link)
            return .page(page.checkPage(.empty), language: page.language, keeping: .never)
        }
        add("/kerja", for: .anyone) { request, _ in try await self.work(request, district: nil) }
        add("/kerja/:wilayah", for: .anyone) { request, context in
            guard let code = context.parameters.get("wilayah") else { throw SiteError(.notFound) }
            return try await self.work(request, district: code)
        }
        add("/aturan", for: .anyone, post: { request, _ in try await self.tryRules(request, nil) }) { request, _ in
            try await self.rules(request, nil)
        }
        add(
            "/aturan/:program", for: .anyone,
            post: { request, context in try await self.tryRules(request, context.parameters.get("program")) }
        ) { request, context in
            try await self.rules(request, context.parameters.get("program"))
        }
        add("/aset/:berkas", for: .anyone) { request, _ in
            guard let asset = Asset.all.first(where: { $0.path.text == request.uri.path }) else {
                throw SiteError(.notFound)
            }
            return Response(
                status: .ok,
                headers: [.contentType: asset.mediaType, .cacheControl: Response.Keeping.forever.field],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
        }
        add("/health", for: .anyone) { _, _ in try await self.health() }
        add("/metrics", for: .anyone) { _, _ in
            let figures = try await self.model.figures(programme: nil, in: self.model.region.code, language: .id)
            return .text(
                self.metrics.text(version: self.configuration.version, figures: figures.programmes),
                mediaType: "application/openmetrics-text; version=1.0.0; charset=utf-8", keeping: .never)
        }
        guard let door else { return }
        serveSignIn(door)
        serveAccount(door)
        serveAdministration(door)
        serveReview()
        serveAPI(door)
        add(
            "/aturan/:program/berlaku", for: .right(.forceRules), limit: Self.rulesFormLimit,
            post: { visit in try await self.applyRules(visit) }
        ) { visit in
            Response(
                status: .seeOther,
                headers: [.location: PageContext.rulesLink(visit.context.parameters.get("program") ?? "").text])
        }
    }

    // MARK: Routes

    /// A route for everybody.
    func add(
        _ path: RouterPath, for rule: Routes.Open, post: Routes.Handler? = nil, get: @escaping Routes.Handler
    ) {
        routes.add(path, .anyone, within: configuration.requestTimeout, get: get, post: post)
    }

    /// A route for those who are signed in, or have a right. Who is not signed in is asked to; a form must bring along the
    /// session's own token.
    ///
    /// - Parameter limit: how many bytes a form may have.
    func add(
        _ path: RouterPath, for rule: AccessRule, limit: Int = formLimit, post: Routes.VisitHandler? = nil,
        get: @escaping Routes.VisitHandler
    ) {
        guard let door else { return }
        let asked: Routes.Handler = { request, context in
            try await self.visit(request, context, rule, door, fields: FormFields(), get)
        }
        var sent: Routes.Handler?
        if let post {
            sent = { request, context in
                let fields = try await self.fields(of: request, limit: limit)
                return try await self.visit(request, context, rule, door, fields: fields, post)
            }
        }
        routes.add(path, rule, within: configuration.requestTimeout, get: asked, post: sent)
    }

    private func visit(
        _ request: Request, _ context: SiteContext, _ rule: AccessRule, _ door: Door, fields: FormFields,
        _ handler: Routes.VisitHandler
    ) async throws -> Response {
        let isForm = request.method == .post
        guard let (session, token) = try await door.session(of: request), session.stage == .full else {
            // What was typed is not kept: the form is gone with the session.
            let here = isForm ? nil : Link(destination: request.uri.path)
            let link = here.map { Link("masuk").setting("tujuan", $0.text) } ?? Link("masuk")
            return Response(
                status: .seeOther,
                headers: [.location: link.text, .cacheControl: Response.Keeping.never.field])
        }
        let visit = Visit(
            request: request, context: context, principal: session.principal, token: token, fields: fields)
        if isForm, fields["tanda"] != visit.guest.formToken { throw SiteError(.forbidden) }
        if case .right(let right) = rule, !session.principal.may(right) {
            let page = page(visit, Link("meja"))
            return .page(page.notPermittedPage(right), status: .forbidden, language: page.language, keeping: .never)
        }
        return try await handler(visit)
    }

    func page(_ request: Request, _ address: Link) -> PageContext {
        PageContext(region: model.region, language: request.language, address: address)
    }

    /// A page that is shown to somebody who is signed in.
    func page(_ visit: Visit, _ address: Link) -> PageContext {
        page(visit.request, address, visit.guest)
    }

    private func page(_ request: Request, _ address: Link, _ guest: Guest?) -> PageContext {
        var page = page(request, address)
        page.guest = guest
        page.formToken = guest?.formToken
        return page
    }

    /// A page for everybody, which says who reads it where somebody is signed in.
    private func openPage(_ request: Request, _ address: Link) async throws -> PageContext {
        page(request, address, try await door?.guest(of: request))
    }

    @Sendable private func answer(_ request: Request, _ context: SiteContext) async throws -> Response {
        let page = page(request, Place.check.link)
        func respond(_ html: HTML, _ status: HTTPResponse.Status = .ok, _ headers: HTTPFields = [:]) -> Response {
            .page(html, status: status, language: page.language, keeping: .never, headers: headers)
        }
        let form = CheckForm(fields: try await fields(of: request))
        guard let query = form.query else {
            metrics.attempted(.malformed)
            return respond(page.checkPage(form), .unprocessableContent)
        }
        let person = model.attemptKey(nik: query.nik)
        let address = request.clientAddress(configuration.clientAddress, peer: context.peerAddress)
        if case .refused(let seconds) = await limiter.admit(person: person, address: address) {
            metrics.attempted(.refused)
            return respond(page.waitPage(seconds: seconds), .tooManyRequests, [.retryAfter: String(seconds)])
        }
        let answer = try await model.answer(
            nik: query.nik, familyNumber: query.familyNumber, birthDate: query.birthDate, language: page.language)
        guard let answer else {
            metrics.attempted(.unmatched)
            return respond(page.noMatchPage())
        }
        await limiter.matched(person: person, address: address)
        metrics.attempted(.matched)
        return respond(page.answerPage(answer))
    }

    func fields(of request: Request, limit: Int = formLimit) async throws -> FormFields {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased()
        guard type == "application/x-www-form-urlencoded" else { throw SiteError(.unsupportedMediaType) }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw SiteError(.contentTooLarge)
        }
        do {
            let body = try await request.body.collect(upTo: limit)
            return try FormFields(decoding: body.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw SiteError(.contentTooLarge)
        } catch is FormFields.Fault {
            throw SiteError(.badRequest)
        }
    }

    private func work(_ request: Request, district code: String?) async throws -> Response {
        let map = model.region.map
        var district: RegionOutline?
        var sheet = map.districts
        if let code {
            district = map.districts.outlines.first { $0.code == code }
            guard district != nil, let villages = map.villages[code] else { throw SiteError(.notFound) }
            sheet = villages
        }
        let fields = request.queryFields
        let language = request.language
        let figures = try await model.figures(
            programme: fields["program"], in: code ?? model.region.code, language: language)
        let view = WorkView(
            district: district, sheet: sheet, figure: fields["angka"].flatMap(Figure.init) ?? .families,
            order: WorkView.Order(fields["urut"]), figures: figures)
        return .page(
            try await openPage(request, view.address).workPage(view), language: language, keeping: .recheck)
    }

    private func rules(_ request: Request, _ programme: String?) async throws -> Response {
        guard let sheet = try await model.rules(programme: programme, language: request.language) else {
            throw SiteError(.notFound)
        }
        let page = try await openPage(request, PageContext.rulesLink(sheet.programme))
        return .page(page.rulesPage(sheet, .untouched, nil), language: page.language, keeping: .never)
    }

    private func applyRules(_ visit: Visit) async throws -> Response {
        let language = visit.request.language
        guard
            let sheet = try await model.rules(
                programme: visit.context.parameters.get("program"), language: language)
        else { throw SiteError(.notFound) }
        let form = RulesForm(fields: visit.fields, rules: sheet.rules)
        var (force, draft) = ForceForm.read(visit.fields, form, language)
        let page = page(visit, PageContext.rulesLink(sheet.programme))
        if let draft {
            let reach = try visit.principal.reach(.forceRules, for: "/aturan")
            switch try await model.applyRules(
                programme: sheet.programme, draft: draft, by: reach.actor, language: language)
            {
            case nil: throw SiteError(.notFound)
            case .refused(let reason): force.refusal = reason
            case .applied(let version, let from, let previous):
                var done = ForceForm()
                done.applied = language(Words.Rules.applied(version, language.date(from), previous))
                let now = try await model.rules(programme: sheet.programme, language: language) ?? sheet
                return .page(page.rulesPage(now, .untouched, nil, done), language: language, keeping: .never)
            }
        }
        let trial = try await model.tryRules(
            programme: sheet.programme, conditions: form.conditions, quota: form.quota ?? sheet.quota,
            language: language)
        return .page(
            page.rulesPage(sheet, form, trial, force), status: .unprocessableContent, language: language,
            keeping: .never)
    }

    private func tryRules(_ request: Request, _ programme: String?) async throws -> Response {
        guard let sheet = try await model.rules(programme: programme, language: request.language) else {
            throw SiteError(.notFound)
        }
        let page = try await openPage(request, PageContext.rulesLink(sheet.programme))
        let forceForm = page.guest?.principal.may(.forceRules) ?? false ? ForceForm.untouched : nil
        let form = RulesForm(fields: try await fields(of: request, limit: Self.rulesFormLimit), rules: sheet.rules)
        func respond(_ trial: RuleTrial?, _ status: HTTPResponse.Status, _ headers: HTTPFields = [:]) -> Response {
            .page(
                page.rulesPage(sheet, form, trial, forceForm), status: status, language: page.language, keeping: .never,
                headers: headers)
        }
        guard let quota = form.quota else { return respond(nil, .unprocessableContent) }
        let trial = try await model.tryRules(
            programme: sheet.programme, conditions: form.conditions, quota: quota, language: page.language)
        switch trial {
        case nil: throw SiteError(.notFound)
        case .loading: return respond(trial, .serviceUnavailable, [.retryAfter: "3"])
        case .faults: return respond(trial, .unprocessableContent)
        case .result: return respond(trial, .ok)
        }
    }

    private struct Health: Encodable {
        let ok: Bool
        let database: String
        let version: String
    }

    private func health() async throws -> Response {
        let report = try await model.health()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(
            Health(ok: report.databaseAnswers, database: report.database, version: configuration.version))
        return .text(
            String(decoding: json, as: UTF8.self), mediaType: "application/json",
            status: report.databaseAnswers ? .ok : .serviceUnavailable, keeping: .never)
    }
}

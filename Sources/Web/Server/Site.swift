import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers the site's requests.
struct Site: Sendable {
    let model: any SiteModel
    let configuration: WebConfiguration
    let metrics: SiteMetrics
    let limiter: AttemptLimiter
    let sessions: OfficerSessions

    /// A form of a few numbers is far smaller; more is no form of ours.
    static let formLimit = 8 * 1024
    /// A form of a programme's conditions is smaller.
    static let rulesFormLimit = 32 * 1024

    func serve(_ router: Router<SiteContext>) {
        func add(_ path: RouterPath, post: Routes.Handler? = nil, get: @escaping Routes.Handler) {
            Routes.add(path, to: router, within: configuration.requestTimeout, get: get, post: post)
        }
        add("/") { request, _ in
            let page = self.page(request, Place.home.link)
            return .page(page.homePage(), language: page.language, keeping: .recheck)
        }
        add("/cek", post: answer) { request, _ in
            let page = self.page(request, Place.check.link)
            return .page(page.checkPage(.empty), language: page.language, keeping: .never)
        }
        add("/kerja") { request, _ in try await self.work(request, district: nil) }
        add("/kerja/:wilayah") { request, context in
            guard let code = context.parameters.get("wilayah") else { throw SiteError(.notFound) }
            return try await self.work(request, district: code)
        }
        add("/aturan", post: { request, _ in try await self.tryRules(request, nil) }) { request, _ in
            try await self.rules(request, nil)
        }
        add(
            "/aturan/:program",
            post: { request, context in try await self.tryRules(request, context.parameters.get("program")) }
        ) { request, context in
            try await self.rules(request, context.parameters.get("program"))
        }
        if let code = configuration.officerCode {
            add(
                "/aturan/:program/berlaku",
                post: { request, context in
                    try await self.applyRules(request, context, context.parameters.get("program"), code)
                }
            ) { request, context in
                try await self.rules(request, context.parameters.get("program"))
            }
        }
        if let code = configuration.officerCode { serveReview(add, code) }
        add("/aset/:berkas") { request, _ in
            guard let asset = Asset.all.first(where: { $0.path.text == request.uri.path }) else {
                throw SiteError(.notFound)
            }
            return Response(
                status: .ok,
                headers: [.contentType: asset.mediaType, .cacheControl: Response.Keeping.forever.field],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
        }
        add("/health") { _, _ in try await self.health() }
        add("/metrics") { _, _ in
            let figures = try await self.model.figures(programme: nil, in: self.model.region.code, language: .id)
            return .text(
                self.metrics.text(version: self.configuration.version, figures: figures.programmes),
                mediaType: "application/openmetrics-text; version=1.0.0; charset=utf-8", keeping: .never)
        }
    }

    func page(_ request: Request, _ address: Link) -> PageContext {
        PageContext(region: model.region, language: request.language, address: address)
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
            page(request, view.address).workPage(view, hasReview: configuration.officerCode != nil), language: language,
            keeping: .recheck)
    }

    private func rules(_ request: Request, _ programme: String?) async throws -> Response {
        guard let sheet = try await model.rules(programme: programme, language: request.language) else {
            throw SiteError(.notFound)
        }
        let page = page(request, PageContext.rulesLink(sheet.programme))
        return .page(page.rulesPage(sheet, .untouched, nil), language: page.language, keeping: .never)
    }

    /// The form for putting in force, where somebody can on the pages.
    private var forceForm: ForceForm? { configuration.officerCode == nil ? nil : .untouched }

    private func applyRules(
        _ request: Request, _ context: SiteContext, _ programme: String?, _ code: OfficerCode
    ) async throws -> Response {
        let language = request.language
        guard let sheet = try await model.rules(programme: programme, language: language) else {
            throw SiteError(.notFound)
        }
        let fields = try await fields(of: request, limit: Self.rulesFormLimit)
        let form = RulesForm(fields: fields, rules: sheet.rules)
        var (force, asked) = ForceForm.read(fields, form, language)
        var status = HTTPResponse.Status.unprocessableContent
        var headers: HTTPFields = [:]
        if let asked {
            // One key for all: who guesses at the code guesses at the same thing from every address.
            let key = Array("officer".utf8)
            let address = request.clientAddress(configuration.clientAddress, peer: context.peerAddress)
            if case .refused(let seconds) = await limiter.admit(person: key, address: address) {
                force.faults[.code] = language(Words.Rules.codeWait(String(seconds)))
                (status, headers) = (.tooManyRequests, [.retryAfter: String(seconds)])
            } else if !code.matches(asked.code) {
                force.faults[.code] = language(Words.Rules.codeWrong)
                status = .forbidden
            } else {
                await limiter.matched(person: key, address: address)
                switch try await model.applyRules(programme: sheet.programme, draft: asked.draft, language: language) {
                case nil: throw SiteError(.notFound)
                case .refused(let reason): force.refusal = reason
                case .applied(let version, let from, let previous):
                    var done = ForceForm()
                    done.applied = language(Words.Rules.applied(version, language.date(from), previous))
                    let now = try await model.rules(programme: sheet.programme, language: language) ?? sheet
                    let page = page(request, PageContext.rulesLink(sheet.programme))
                    return .page(page.rulesPage(now, .untouched, nil, done), language: language, keeping: .never)
                }
            }
        }
        let trial = try await model.tryRules(
            programme: sheet.programme, conditions: form.conditions, quota: form.quota ?? sheet.quota,
            language: language)
        let page = page(request, PageContext.rulesLink(sheet.programme))
        return .page(
            page.rulesPage(sheet, form, trial, force), status: status, language: language, keeping: .never,
            headers: headers)
    }

    private func tryRules(_ request: Request, _ programme: String?) async throws -> Response {
        guard let sheet = try await model.rules(programme: programme, language: request.language) else {
            throw SiteError(.notFound)
        }
        let page = page(request, PageContext.rulesLink(sheet.programme))
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

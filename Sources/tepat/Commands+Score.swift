import ArgumentParser
import Eligibility
import Foundation
import Registry

struct Score: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Fit, apply and judge poverty scores from household surveys.",
        subcommands: [Train.self, Apply.self, Report.self])

    /// What these commands take in place of a database.
    struct Options: ParsableArguments {
        @Flag(help: "Print one JSON object; progress and messages go to standard error.")
        var json = false
    }

    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fit a score, or a scorecard for paper, to a household survey.",
            discussion: """
                Columns of 0 and 1 are yes/no, other numbers are numbers, words are categories. Where a described \
                survey of the library (Scores/*/questions.yaml) has its columns in the file, only its questions are \
                asked; else every column without a role is one. The same file and seed give the same model, byte for \
                byte.
                """)

        @OptionGroup var options: Options

        @Argument(help: "The survey: a CSV file with a header.")
        var file: String

        @Option(help: "The column that names each household.")
        var id: String

        @Option(help: "The column of consumption per head.")
        var target: String

        @Option(help: "The columns of regions, largest first, the last of them completing the community: A,B,C.")
        var group: String

        @Option(help: "The column of the community's ranking: 0 (poorest) to 1, empty where there is none.")
        var rank: String?

        @Flag(help: "Fit a scorecard of whole points and at most 15 questions.")
        var scorecard = false

        @Option(help: "A file that describes the questions.")
        var questions: String?

        @Option(help: "Columns to leave out: A,B,C.")
        var without: String?

        @Option(help: "The seed of everything random.")
        var seed = PovertyModel.usualSeed

        @Option(help: "The file to write the model to.")
        var output: String

        private struct Answer: Encodable {
            struct Figure: Encodable {
                let quota: Double
                let scope: String
                let exclusionError: Double
                let leastSquares: Double
            }

            let rows: Int
            let communities: Int
            let survey: String?
            let leftOut: [String]
            let figures: [Figure]

            init(_ model: PovertyModel) {
                rows = model.training.rows
                communities = model.training.communities
                survey = model.sheet?.survey
                leftOut = model.training.leftOut
                figures = model.figures.map {
                    Figure(
                        quota: $0.quota, scope: $0.scope.rawValue, exclusionError: $0.error.value,
                        leastSquares: $0.leastSquares.value)
                }
            }

            var text: String {
                let lines = figures.map { figure in
                    func percent(_ value: Double) -> String { String(format: "%5.1f %%", value * 100) }
                    let quota = String(format: "%3.0f %%", figure.quota * 100)
                    let scope = figure.scope.padding(toLength: 8, withPad: " ", startingAt: 0)
                    return "  \(scope) \(quota)  \(percent(figure.exclusionError))  "
                        + "(least squares \(percent(figure.leastSquares)))"
                }
                return "\(rows) families in \(communities) communities; exclusion error by quota, cross-validated by "
                    + "community:\n" + lines.joined(separator: "\n")
            }
        }

        func run() throws {
            let output = Output(json: options.json)
            let table = try SurveyTable(path: file)
            let sheet: QuestionSheet?
            if let questions {
                sheet = try QuestionSheet.read(questions)
            } else {
                let folder = try? CommonOptions().library().root + "/Scores"
                sheet = try folder.flatMap { try QuestionSheet.find(in: $0, for: table.header) }
                if let sheet {
                    output.note("The questions are those of the survey “\(sheet.survey)”; --questions names others.")
                }
            }
            let roles = SurveyRoles(id: id, target: target, groups: Self.list(group), rank: rank)
            let model = try ProgressBar.run("Fitting the score") { show in
                try PovertyModel.train(
                    table, roles: roles, kind: scorecard ? .scorecard : .score, sheet: sheet,
                    without: Set(Self.list(without ?? "")), seed: seed, progress: show)
            }
            for column in model.training.leftOut {
                output.note("“\(column)” is left out: it tells the target in other words.")
            }
            try WholeFile.write(model.json(), to: self.output)
            let answer = Answer(model)
            output.tell(answer.text)
            try output.answer(answer)
        }

        private static func list(_ text: String) -> [String] {
            text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Score the households of a file.",
            discussion: """
                Writes the id's column, score, lower and higher: a lower score is a poorer family, and the bounds \
                hold the truth for nine families of ten.
                """)

        @OptionGroup var options: Options

        @Argument(help: "The model.")
        var model: String

        @Argument(help: "The households: a CSV file with the columns that the model needs.")
        var file: String

        @Option(help: "The file to write the scores to.")
        var output: String

        private struct Answer: Encodable {
            let households: Int
        }

        func run() throws {
            let model = try PovertyModel.read(self.model)
            let scores = try model.apply(to: SurveyTable(path: file))
            try WholeFile.write(model.csv(scores), to: output)
            let output = Output(json: options.json)
            output.tell("\(scores.count) households scored")
            try output.answer(Answer(households: scores.count))
        }
    }

    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judge a model on a survey, as a page of HTML that needs nothing else.",
            discussion: """
                On the survey that the model was fitted to, everything is cross-validated by community; on another one \
                its communities are scored as they are.
                """)

        enum Language: String, ExpressibleByArgument, CaseIterable { case id, en }

        @OptionGroup var options: Options

        @Argument(help: "The model.")
        var model: String

        @Argument(help: "The survey, with the target.")
        var file: String

        @Option(help: "The language: id or en.")
        var language = Language.id

        @Option(help: "The file to write the page to.")
        var output: String

        private struct Answer: Encodable {
            let withinAt30: Double?
            let overallAt30: Double?
        }

        func run() throws {
            let model = try PovertyModel.read(self.model)
            let table = try SurveyTable(path: file)
            let report = try ProgressBar.run("Judging the score") { show in
                try ScoreReport(
                    model, on: table, language: ScoreReport.Language(rawValue: language.rawValue) ?? .id,
                    progress: show)
            }
            try WholeFile.write(report.page, to: output)
            func error(_ scope: Targeting.Scope) -> Double? {
                report.figures.first { $0.scope == scope && $0.quota == 0.3 }?.error.value
            }
            let answer = Answer(withinAt30: error(.within), overallAt30: error(.overall))
            let output = Output(json: options.json)
            output.tell("The report is in \(self.output)")
            try output.answer(answer)
        }
    }
}

/// Writes a file whole or not at all.
private enum WholeFile {
    static func write(_ data: Data, to path: String) throws {
        do { try data.write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw ScoreError.file(path: path, reason: "cannot be written: \(error.localizedDescription)")
        }
    }
}

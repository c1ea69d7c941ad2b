import Access
import ArgumentParser
import Eligibility
import Foundation
import Registry
import Simulator
import Storage

/// How a command ends that failed: one or two lines on standard error, and an exit status that tells whose matter it is.
enum Failure {
    /// Input was refused: a file, a pack, a number.
    static let inputRefused: Int32 = 65
    /// The command was called in a way that it does not know.
    static let wrongUsage: Int32 = 64

    static func exit(with error: any Error) -> Never {
        guard let (message, status) = describe(error) else { Tepat.exit(withError: error) }
        FileHandle.standardError.write(Data("tepat: \(message)\n".utf8))
        Foundation.exit(status)
    }

    private static func describe(_ error: any Error) -> (String, Int32)? {
        switch error {
        case is CleanExit, is ExitCode, is ValidationError: return nil
        case let error as RegistryError: return (error.description, status(of: error))
        case .badURL(let url) as StorageError: return (StorageError.badURL(url).description, wrongUsage)
        case let error as SimulationError: return (error.description, inputRefused)
        case .file(let path, let reason) as ScoreError:
            return (ScoreError.file(path: path, reason: reason).description, 1)
        case let error as ScoreError: return (error.description, inputRefused)
        case let error as AccessError: return (error.description, inputRefused)
        case let error as InputError: return (error.description, inputRefused)
        case let error as CocoaError: return (error.localizedDescription, 1)
        default: return isParserError(error) ? nil : (String(describing: error), 1)
        }
    }

    private static func status(of error: RegistryError) -> Int32 {
        switch error {
        case .configuration, .refused, .partialDelivery, .unknown: inputRefused
        case .file, .key, .notReady: 1
        }
    }

    /// Errors of the argument parser print themselves, with the usage.
    private static func isParserError(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}

/// Something given on the command line that cannot be used.
struct InputError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: a warning is an error, and what a file uses it imports itself.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// The modules stand in one straight line (docs/architecture.md): each may import only what is listed above it.
let package = Package(
    name: "tepat",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "CEL", targets: ["CEL"]),
        .executable(name: "tepat", targets: ["tepat"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .target(name: "CEL", swiftSettings: strict),
        .target(name: "RecordLinkage", swiftSettings: strict),
        .systemLibrary(
            name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(
            name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"]), .brew(["qrencode"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(
            name: "Storage",
            dependencies: [
                "CPostgres",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "Journal",
            dependencies: ["Storage", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "Registry",
            dependencies: [
                "CZlib", "RecordLinkage", "Storage", "Journal",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .target(
            name: "Eligibility",
            dependencies: [
                "CEL", "Storage", "Journal", "Registry",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .target(
            name: "Access",
            dependencies: [
                "Storage", "Journal", "Registry",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: strict),
        .target(
            name: "Web",
            dependencies: [
                "CQREncode", "Storage", "Journal", "Registry", "Eligibility", "Access",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .target(name: "Simulator", dependencies: ["Journal", "Registry"], swiftSettings: strict),
        .executableTarget(
            name: "tepat",
            dependencies: [
                "CEL", "RecordLinkage", "Storage", "Journal", "Registry", "Eligibility", "Access", "Web", "Simulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["Storage", "Journal", "Registry", "Access"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .executableTarget(
            name: "column-benchmark", dependencies: ["CEL", "Eligibility", "Registry"], path: "Benchmarks/Columns",
            exclude: ["pkh-flat.yaml"], swiftSettings: strict),
        .executableTarget(
            name: "find-benchmark", dependencies: ["RecordLinkage", "Registry"], path: "Benchmarks/Find",
            swiftSettings: strict),
        .testTarget(name: "CELTests", dependencies: ["CEL"], exclude: ["Resources"], swiftSettings: strict),
        .testTarget(name: "RecordLinkageTests", dependencies: ["RecordLinkage"], swiftSettings: strict),
        .testTarget(name: "JournalTests", dependencies: ["Journal", "Storage", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "Registry", "Journal", "Storage", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EligibilityTests",
            dependencies: ["Eligibility", "CEL", "Registry", "Journal", "Storage", "Simulator", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "AccessTests", dependencies: ["Access", "Registry", "Journal", "Storage", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandTests", dependencies: ["tepat", "Access", "Journal", "Registry", "Storage", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "SimulatorTests", dependencies: ["Simulator", "Journal", "Registry"], swiftSettings: strict),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Access", "Eligibility", "Registry", "Journal", "Storage", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

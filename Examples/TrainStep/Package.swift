// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "TrainStep",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "ablate", path: "../..")],
    targets: [
        .executableTarget(
            name: "TrainStep",
            dependencies: [
                .product(name: "Corpus", package: "ablate"),
                .product(name: "LanguageModel", package: "ablate"),
                .product(name: "Optimizers", package: "ablate"),
            ])
    ]
)

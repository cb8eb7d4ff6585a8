use layerlab_kernel::{OpenFlags, SimTime, SpawnSpec};

use crate::{machine, program, say};

fn busy() -> layerlab_kernel::Kernel {
    machine(&[
        program!("init", |sys, _a| {
            for i in 0..3u32 {
                sys.spawn(SpawnSpec { argv: vec!["/bin/worker".into(), i.to_string()], ..SpawnSpec::default() })
                    .await
                    .unwrap();
            }
            sys.sleep(SimTime::secs(100)).await.unwrap();
        }),
        program!("worker", |sys, a| {
            for i in 0..20u64 {
                say!(sys, "{} {i} {}", a.argv[1], sys.now().0);
                sys.sleep(SimTime(1 + i * 777_777)).await.unwrap();
                sys.charge(SimTime(123_456));
                let fd = sys.open("/tmp/x", OpenFlags::APPEND, 0o644).await.unwrap();
                sys.write_all(fd, a.argv[1].clone()).await.unwrap();
                sys.close(fd).await.unwrap();
            }
        }),
    ])
}

#[test]
fn it_does_not_matter_how_time_is_split() {
    let mut whole = busy();
    whole.run_until(SimTime::secs(3));
    let mut split = busy();
    for t in (0..3_000_000_000u64).step_by(1_234_567) {
        while split.run_slice(SimTime(t), 3) == layerlab_kernel::executor::Slice::More {
            // Go on: the world cannot see it.
        }
    }
    split.run_until(SimTime::secs(3));
    assert_eq!(whole.read_file("/tmp/out").unwrap(), split.read_file("/tmp/out").unwrap());
    assert_eq!(whole.digest(), split.digest());
}

#[test]
fn a_loop_without_calls_cannot_stop_time() {
    struct Spin;
    impl layerlab_kernel::Program for Spin {
        fn resume(&mut self, _: &mut layerlab_kernel::Cx<'_>) -> layerlab_kernel::Step {
            layerlab_kernel::Step::Yield
        }
        fn fork(&self) -> Option<Box<dyn layerlab_kernel::Program>> {
            Some(Box::new(Spin))
        }
        fn digest(&self, _: &mut layerlab_kernel::StateHasher) {}
    }
    let mut k = machine(&[("spin", |_| Box::new(Spin))]);
    k.run_until(SimTime::millis(1));
    assert_eq!(k.sys.now, SimTime::millis(1));
}

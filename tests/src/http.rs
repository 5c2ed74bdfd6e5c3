//! A server on this machine that sends files, or fails to in every way that servers do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What a client asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The path, with its slash.
    pub path: String,
    /// The first byte that it wants, where it asked for a range.
    pub range_from: Option<usize>,
}

/// What the server does about it.
#[derive(Clone)]
pub enum Answer {
    /// Sends the file, or the range of it.
    File(Vec<u8>),
    /// Sends the file whatever the range.
    WholeFile(Vec<u8>),
    /// Says that it sends the file or the range, but hangs up after so many bytes.
    HangsUp(Vec<u8>, usize),
    /// The same, but goes on waiting, until the client has gone.
    Stalls(Vec<u8>, usize),
    /// Sends this status, and nothing else.
    Status(u16),
}

/// Serves from when it is made, until the process ends.
pub struct Server {
    url: String,
    seen: Arc<Mutex<Vec<(Request, usize)>>>,
}

impl Server {
    /// One that answers as it is told: by the request, and how many came before it.
    pub fn start(answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("opens a port");
        let address = listener.local_addr().expect("knows its port");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (shared, answer) = (Arc::clone(&seen), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &seen, &*answer));
            }
        });
        Self { url: format!("http://{address}"), seen }
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// What was asked for, and how many bytes of a file each request was sent.
    pub fn seen(&self) -> Vec<(Request, usize)> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<(Request, usize)>>,
    answer: &dyn Fn(&Request, usize) -> Answer,
) {
    let Some(request) = read(&stream) else { return };
    let from = request.range_from.unwrap_or(0);
    let place = {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push((request.clone(), 0));
        seen.len() - 1
    };
    let (file, from, most, stalls) = match answer(&request, place) {
        Answer::File(file) => (file, from, usize::MAX, false),
        Answer::WholeFile(file) => (file, 0, usize::MAX, false),
        Answer::HangsUp(file, most) => (file, from, most, false),
        Answer::Stalls(file, most) => (file, from, most, true),
        Answer::Status(code) => {
            let _ =
                write!(stream, "HTTP/1.1 {code} Told so\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }
    };
    let from = from.min(file.len());
    let (length, rest) = (file.len(), &file[from..]);
    let status = if from == 0 {
        "200 OK".to_owned()
    } else {
        format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{length}", length - 1)
    };
    let sent = &rest[..rest.len().min(most)];
    // Before it is sent: the client may look as soon as it has all.
    seen.lock().unwrap_or_else(PoisonError::into_inner)[place].1 = sent.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", rest.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(sent));
    if stalls {
        let _ = stream.read(&mut [0; 1]);
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut range_from = None;
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(range) = line.to_lowercase().strip_prefix("range: bytes=") {
            range_from = range.trim_end_matches('-').parse().ok();
        }
    }
    Some(Request { path, range_from })
}

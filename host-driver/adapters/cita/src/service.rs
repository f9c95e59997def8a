//! The calls of the service, bounded.

use std::sync::Arc;

use chaincard::accelerator::SubmitError;
use chaincard::verify::{SignatureEncoding, VerifyBatch};
use chaincard::{Accelerator, Handle, HashAlgorithm, HashJob, Messages, VerifyJob};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use tokio::sync::{Semaphore, SemaphorePermit};
use tonic::{Request, Response};

use crate::PrivateKey;
use crate::proto::blockchain::RawTransactions;
use crate::proto::common::{Empty, Hash, HashResponse, StatusCode};
use crate::proto::crypto::crypto_service_server::CryptoService;
use crate::proto::crypto::{
    GetCryptoInfoResponse, HashDataRequest, RecoverSignatureRequest, RecoverSignatureResponse,
    SignMessageRequest, SignMessageResponse, VerifyDataHashRequest,
};
use crate::signature::{ADDRESS_LEN, HASH_LEN, PLAN, SIGNATURE_LEN, Signature, address, judged};
use crate::status::Status;
use crate::transactions::Transactions;

/// Name that nodes know the algorithms by.
const NAME: &str = "sm";

type Labels = [(&'static str, &'static str); 2];

/// The service: cheap to clone, one queue behind all clones.
#[derive(Clone, Debug)]
pub struct Crypto {
    accelerator: Arc<Accelerator>,
    key: Arc<PrivateKey>,
    calls: Arc<Semaphore>,
    results: Family<Labels, Counter>,
}

impl Crypto {
    /// At most `calls` at once; those beyond are refused with `RESOURCE_EXHAUSTED`, as are those
    /// for which the queue is full. Counts them in `registry`.
    pub fn new(
        accelerator: Arc<Accelerator>,
        key: PrivateKey,
        calls: usize,
        registry: &mut Registry,
    ) -> Self {
        let results = Family::<Labels, Counter>::default();
        let help = "Calls of CITA-Cloud's crypto service by what came of them";
        registry.register("cita_calls", help, results.clone());
        let calls = Arc::new(Semaphore::new(calls.min(Semaphore::MAX_PERMITS)));
        Self { accelerator, key: Arc::new(key), calls, results }
    }

    fn place(&self) -> Result<SemaphorePermit<'_>, tonic::Status> {
        let full =
            |_| tonic::Status::resource_exhausted("too many calls at once; call again later");
        self.calls.try_acquire().map_err(full)
    }

    /// Counts a call and what came of it.
    fn count<T>(&self, method: &'static str, answer: Result<T, tonic::Status>) -> Answer<T> {
        let result = match &answer {
            Ok(_) => "answered",
            Err(status) if status.code() == tonic::Code::ResourceExhausted => "refused",
            Err(_) => "failed",
        };
        self.results.get_or_create(&[("method", method), ("result", result)]).inc();
        answer.map(Response::new)
    }

    async fn sm3(&self, job: HashJob) -> Result<chaincard::Digests, tonic::Status> {
        Ok(answered(self.accelerator.try_submit(job)).await?.digests)
    }

    async fn hash(&self, data: &[u8]) -> Result<Vec<u8>, tonic::Status> {
        let digests = self.sm3(HashJob::collect(HashAlgorithm::Sm3, [data])).await?;
        Ok(digests.as_bytes().to_vec())
    }

    async fn verdicts(&self, job: VerifyJob) -> Result<Vec<chaincard::Verdict>, tonic::Status> {
        Ok(answered(self.accelerator.try_submit_verify(job)).await?.verdicts)
    }

    async fn recover(
        &self,
        message: &[u8],
        signature: &[u8],
    ) -> Result<Result<Vec<u8>, Status>, tonic::Status> {
        let signature = match Signature::of(signature) {
            Ok(signature) => signature,
            Err(status) => return Ok(Err(status)),
        };
        let job = VerifyJob::of(&VerifyBatch {
            plan: PLAN,
            encoding: SignatureEncoding::Compact,
            messages: Messages::Slices(&[message]),
            public_keys: Messages::Slices(&[signature.key]),
            signatures: Messages::Slices(&[signature.numbers]),
        });
        let verdicts = self.verdicts(job.map_err(unusable)?).await?;
        let verdict = verdicts.first().ok_or_else(|| tonic::Status::internal("no verdict"))?;
        if let Err(status) = judged(*verdict) {
            return Ok(Err(status));
        }
        Ok(Ok(address(&self.hash(signature.key).await?).to_vec()))
    }

    async fn check(&self, transactions: &RawTransactions) -> Result<Status, tonic::Status> {
        let mut transactions = Transactions::of(&transactions.body);
        let digests = self.sm3(transactions.hashes()).await?;
        transactions.compare(digests.iter());
        let job = transactions.signatures().map_err(unusable)?;
        Ok(transactions.status(&self.verdicts(job).await?))
    }
}

type Answer<T> = Result<Response<T>, tonic::Status>;

/// Waits for the answer to a job, if the queue takes it. A device's failure is never a status of
/// the message: there is no answer, and the node asks again.
async fn answered<T, J>(submitted: Result<Handle<T>, SubmitError<J>>) -> Result<T, tonic::Status> {
    let handle = submitted.map_err(|error| match error {
        SubmitError::Busy(_) => {
            tonic::Status::resource_exhausted("the queue is full; call again later")
        }
        _ => tonic::Status::unavailable("no device has the operation"),
    })?;
    handle.await.map_err(|error| {
        tracing::warn!(%error, "a call has no answer");
        tonic::Status::unavailable(format!("no device could answer: {error}"))
    })
}

fn unusable(error: chaincard::BatchError) -> tonic::Status {
    tonic::Status::internal(error.to_string())
}

fn status(status: Status) -> Option<StatusCode> {
    Some(status.into())
}

#[tonic::async_trait]
impl CryptoService for Crypto {
    async fn get_crypto_info(&self, _: Request<Empty>) -> Answer<GetCryptoInfoResponse> {
        self.count(
            "GetCryptoInfo",
            Ok(GetCryptoInfoResponse {
                status: status(Status::Success),
                name: NAME.to_owned(),
                hash_len: HASH_LEN as u32,
                signature_len: SIGNATURE_LEN as u32,
                address_len: ADDRESS_LEN as u32,
            }),
        )
    }

    async fn hash_data(&self, request: Request<HashDataRequest>) -> Answer<HashResponse> {
        let answer = async {
            let _place = self.place()?;
            let hash = self.hash(&request.get_ref().data).await?;
            Ok(HashResponse { status: status(Status::Success), hash: Some(Hash { hash }) })
        };
        self.count("HashData", answer.await)
    }

    async fn verify_data_hash(
        &self,
        request: Request<VerifyDataHashRequest>,
    ) -> Answer<StatusCode> {
        let answer = async {
            let _place = self.place()?;
            let VerifyDataHashRequest { data, hash } = request.get_ref();
            if hash.len() != HASH_LEN {
                return Ok(Status::HashLenError.into());
            }
            let same = self.hash(data).await? == *hash;
            Ok(if same { Status::Success } else { Status::HashCheckError }.into())
        };
        self.count("VerifyDataHash", answer.await)
    }

    async fn sign_message(
        &self,
        request: Request<SignMessageRequest>,
    ) -> Answer<SignMessageResponse> {
        let answer = async {
            let _place = self.place()?;
            let (key, message) = (Arc::clone(&self.key), request.into_inner().msg);
            let signed = tokio::task::spawn_blocking(move || key.sign(&message)).await;
            let (code, signature) = match signed.ok().flatten() {
                Some(signature) => (Status::Success, signature),
                None => (Status::SignError, [0; SIGNATURE_LEN]),
            };
            Ok(SignMessageResponse { status: status(code), signature: signature.to_vec() })
        };
        self.count("SignMessage", answer.await)
    }

    async fn recover_signature(
        &self,
        request: Request<RecoverSignatureRequest>,
    ) -> Answer<RecoverSignatureResponse> {
        let answer = async {
            let _place = self.place()?;
            let RecoverSignatureRequest { msg, signature } = request.get_ref();
            let (code, address) = match self.recover(msg, signature).await? {
                Ok(address) => (Status::Success, address),
                Err(code) => (code, vec![0; ADDRESS_LEN]),
            };
            Ok(RecoverSignatureResponse { status: status(code), address })
        };
        self.count("RecoverSignature", answer.await)
    }

    async fn check_transactions(&self, request: Request<RawTransactions>) -> Answer<StatusCode> {
        let answer = async {
            let _place = self.place()?;
            let code = self.check(request.get_ref()).await?;
            if code != Status::Success {
                tracing::info!(?code, count = request.get_ref().body.len(), "transactions refused");
            }
            Ok(code.into())
        };
        self.count("CheckTransactions", answer.await)
    }
}

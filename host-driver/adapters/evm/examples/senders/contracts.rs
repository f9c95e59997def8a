//! Contracts that call precompiles.

use std::convert::Infallible;

use alloy_primitives::{Address, Bytes, TxKind};
use revm::bytecode::Bytecode;
use revm::bytecode::opcode::{
    ADD, CALLDATACOPY, CALLDATASIZE, GAS, MSTORE, PUSH1, PUSH2, RETURN, RETURNDATACOPY,
    RETURNDATASIZE, STATICCALL,
};
use revm::context::result::{EVMError, ExecutionResult};
use revm::context::{Context, TxEnv};
use revm::database::InMemoryDB;
use revm::handler::{ExecuteEvm, MainBuilder, MainContext, MainnetContext, MainnetEvm};
use revm::state::AccountInfo;

/// Bytes of the contract's answer before what the precompile returned: whether the call succeeded.
const FLAG: usize = 32;

/// An EVM with one contract for each precompile that it is told of.
pub(crate) struct Contracts {
    evm: MainnetEvm<MainnetContext<InMemoryDB>>,
}

/// What a call came to.
pub(crate) struct Called {
    /// What the precompile returned; `None` if it failed.
    pub(crate) output: Option<Bytes>,
    /// Gas of the transaction.
    pub(crate) gas: u64,
}

impl Contracts {
    /// One contract for each address, which is below 2^16.
    pub(crate) fn new(precompiles: impl IntoIterator<Item = u16>) -> Self {
        let mut database = InMemoryDB::default();
        for precompile in precompiles {
            let code = Bytecode::new_raw(code(precompile));
            database.insert_account_info(contract(precompile), AccountInfo::from_bytecode(code));
        }
        Self { evm: Context::mainnet().with_db(database).build_mainnet() }
    }

    /// Has the contract call its precompile in a transaction of so much gas.
    pub(crate) fn call(
        &mut self,
        precompile: u16,
        input: &[u8],
        gas: u64,
    ) -> Result<Called, EVMError<Infallible>> {
        let transaction = TxEnv::builder()
            .kind(TxKind::Call(contract(precompile)))
            .data(Bytes::copy_from_slice(input))
            .gas_limit(gas)
            .build_fill();
        let result = self.evm.transact(transaction)?.result;
        let gas = result.tx_gas_used();
        let output = match result {
            ExecutionResult::Success { output, .. } => output.into_data(),
            // Also the contract had too little gas.
            ExecutionResult::Revert { .. } | ExecutionResult::Halt { .. } => Bytes::new(),
        };
        let succeeded = output.get(FLAG - 1) == Some(&1);
        Ok(Called { output: succeeded.then(|| output.slice(FLAG..)), gas })
    }
}

fn contract(precompile: u16) -> Address {
    Address::left_padding_from(&[0xCC, (precompile >> 8) as u8, precompile as u8])
}

/// Calls the precompile with the contract's input and all its gas, and returns whether that
/// succeeded, as a word, and what came back.
fn code(precompile: u16) -> Bytes {
    let [high, low] = precompile.to_be_bytes();
    #[rustfmt::skip]
    let code = [
        CALLDATASIZE, PUSH1, 0, PUSH1, 0, CALLDATACOPY,
        PUSH1, 0, PUSH1, 0, CALLDATASIZE, PUSH1, 0, PUSH2, high, low, GAS, STATICCALL,
        PUSH1, 0, MSTORE,
        RETURNDATASIZE, PUSH1, 0, PUSH1, FLAG as u8, RETURNDATACOPY,
        RETURNDATASIZE, PUSH1, FLAG as u8, ADD, PUSH1, 0, RETURN,
    ];
    Bytes::copy_from_slice(&code)
}
